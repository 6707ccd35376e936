import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Storage } from '../../../src/board/storage.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { createTestContext, type TestContext } from '../../support/driver-context.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { equipAt } from '../../support/labgrid/equip.ts'
import { startFakeExporter } from '../../support/labgrid/fake-exporter.ts'
import { makeLoopDisk, type LoopDisk } from '../../support/loop-disk.ts'
import { failTools, writeTool } from '../../support/power/tools.ts'
import { describeWith } from '../../support/requirements.ts'
import { startSshd, type TestSshd } from '../../support/ssh/sshd.ts'

const mebibyte = 1 << 20

/** usbsdmux 0.2.1 and sd-mux-ctrl of Tizen, each with one mux. */
const usbsdmux = `
[ "$1" = /dev/sg7 ] || exit 1
case $2 in get) cat side 2>/dev/null || echo off;; *) echo $2 > side;; esac
`
const control = `
case $2 in
--ts) echo TS > side;;
--dut) echo DUT > side;;
--status) echo "SD connected to: $(cat side)";;
esac
`

const console = 'console: { driver: process, command: [cat] }'

describeWith(
  ['labgrid', 'sshd', 'loop', 'mount-namespaces'],
  "the memory card in a mux of labgrid's exporter",
  function () {
    this.timeout(120_000)
    useLabDirectory()
    let machine: TestContext
    let disk: LoopDisk
    let sshd: TestSshd
    let server: TestCoordinator
    let devices: Disposable
    let context: TestContext
    let t: Deadline

    before(async () => {
      machine = await createTestContext()
      disk = makeLoopDisk(machine.temporaryDirectory, 16 * mebibyte)
      const bin = dirname(await writeTool(machine, 'usbsdmux', usbsdmux))
      await writeTool(machine, 'sd-mux-ctrl', control)
      const enter = join(bin, 'enter')
      await writeFile(enter, enterMachine(await deviceTree(machine, disk), bin), { mode: 0o755 })
      sshd = await startSshd([`ForceCommand ${enter}`])
      const groups = ['mux', 'wire', 'wire3']
      server = await startCoordinator(
        Object.fromEntries(groups.map((group) => [group, { matches: { [`*/${group}/*`]: null } }])),
      )
      const params = { host: '127.0.0.1', busnum: 1, devnum: 4, path: '/dev/sdz' }
      devices = await startFakeExporter(server.address, 'lab1', [
        {
          ...{ group: 'mux', name: 'card', cls: 'NetworkUSBSDMuxDevice' },
          params: { ...params, control_path: '/dev/sg7' },
        },
        {
          ...{ group: 'wire', name: 'card', cls: 'NetworkUSBSDWireDevice' },
          params: { ...params, control_serial: 'sd-wire_11' },
        },
        {
          ...{ group: 'wire3', name: 'card', cls: 'NetworkUSBSDWire3Device' },
          params: { ...params, control_serial: 'bdgrd_sdwirec_522' },
        },
      ])
    })
    after(async () => {
      devices?.[Symbol.dispose]()
      await server?.[Symbol.asyncDispose]()
      await sshd?.[Symbol.asyncDispose]()
      disk?.[Symbol.dispose]()
      await machine?.release()
    })
    beforeEach(async () => {
      t = startDeadline(110_000, 'the test')
      context = await createTestContext()
    })
    afterEach(async () => {
      await context.release()
      t[Symbol.dispose]()
    })

    /** The card of a board at a place, which is given back at the end of the test. */
    const cardAt = async (place: string, use = 'use: { storage: card }'): Promise<Storage | undefined> => {
      const lines = ['bootloader: uboot', console, 'power: { driver: manual }', use]
      const { storage } = await equipAt(place, lines, { server, sshd }, context, t)
      return await storage?.driver.open(storage.options, context, t)
    }

    for (const [place, side] of [
      ['mux', 'host'],
      ['wire', 'TS'],
    ] as const) {
      it(`is taken from the board, written on the exporter and read back there: ${place}`, async () => {
        const card = (await cardAt(place)) ?? assert.fail()
        const image = join(context.temporaryDirectory, 'image')
        const content = randomBytes(5 * mebibyte + 777)
        await writeFile(image, content)
        await card.switchTo('host', t)
        assert.equal((await readFile(join(machine.temporaryDirectory, 'device/side'), 'utf8')).trim(), side)
        const { device, size, isVerified } = await card.write(image, t)
        assert.deepEqual(
          { device, size, isVerified },
          { device: `${disk.device} on 127.0.0.1`, size: content.length, isVerified: true },
        )
        assert.ok((await readFile(disk.device)).subarray(0, content.length).equals(content))
        await card.switchTo('board', t)
        assert.equal(await card.side(t), 'board')
      })
    }

    it('is not written where the image is larger than it', async () => {
      const card = (await cardAt('mux')) ?? assert.fail()
      const image = join(context.temporaryDirectory, 'large')
      await writeFile(image, Buffer.alloc(17 * mebibyte))
      await assert.rejects(card.write(image, t), { code: 'storage.too-small', blame: 'payload' })
    })

    it('is left alone where the environment does not name its mux', async () => {
      assert.equal(await cardAt('mux', ''), undefined)
    })

    it('says that there is no driver for a mux', async () => {
      await assert.rejects(cardAt('wire3'), {
        code: 'place.unsupported',
        blame: 'environment',
        message: /^the resource card \(NetworkUSBSDWire3Device\) can't be used: .*NetworkUSBSDMuxDevice/,
      })
    })

    it('says that the place has not the mux which the environment names', async () => {
      await assert.rejects(cardAt('mux', 'use: { storage: other }'), {
        code: 'place.no-resource',
        blame: 'environment',
        message: /mux has no resource called "other" that could be the memory card of board/,
      })
    })

    it('says where the program on the exporter fails', async () => {
      const card = (await cardAt('mux')) ?? assert.fail()
      await failTools(machine, 'fails')
      await assert.rejects(card.side(t), {
        code: 'tool.failed',
        message: /usbsdmux on 127\.0\.0\.1 .*device not responding/,
      })
    })
  },
)

/** What the kernel of the exporter says of both muxes: their disk is the one we have. @returns its /sys */
async function deviceTree({ temporaryDirectory }: TestContext, { device }: LoopDisk): Promise<string> {
  const sys = join(temporaryDirectory, 'sys')
  const hub = 'devices/pci0000:00/usb1/1-4'
  const reader = `${hub}/1-4.1/1-4.1:1.0/host4/target4:0:0/4:0:0:0`
  const name = basename(device)
  const nodes = {
    [`${reader}/block/${name}`]: { size: `${(16 * mebibyte) / 512}`, ro: '0' },
    [`${reader}/scsi_generic/sg7`]: {},
    [`${hub}/1-4.2`]: { serial: 'sd-wire_11' },
  }
  for (const [path, attributes] of Object.entries(nodes)) {
    await mkdir(join(sys, path), { recursive: true })
    for (const [attribute, value] of Object.entries(attributes))
      await writeFile(join(sys, path, attribute), `${value}\n`)
  }
  const links = {
    [`block/${name}`]: `${reader}/block/${name}`,
    'class/scsi_generic/sg7': `${reader}/scsi_generic/sg7`,
    [`${reader}/scsi_generic/sg7/device`]: reader,
    'bus/usb/devices/1-4.2': `${hub}/1-4.2`,
  }
  for (const [link, target] of Object.entries(links)) {
    await mkdir(dirname(join(sys, link)), { recursive: true })
    await symlink(join('/sys', target), join(sys, link))
  }
  return sys
}

/** A machine with that /sys, to whoever logs in. */
function enterMachine(sys: string, bin: string): string {
  return `#!/bin/sh
export PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin
exec unshare -m sh -c 'mount --rbind ${sys} /sys && exec sh -c "$SSH_ORIGINAL_COMMAND"'
`
}

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Storage } from '../../../src/board/storage.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { createTestContext, type TestContext } from '../../support/driver-context.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { equipAt } from '../../support/labgrid/equip.ts'
import { startFakeExporter } from '../../support/labgrid/fake-exporter.ts'
import { makeLoopDisk, type LoopDisk } from '../../support/loop-disk.ts'
import { startMuxMachine, type MuxMachine } from '../../support/mux-machine.ts'
import { failTools } from '../../support/power/tools.ts'
import { describeWith } from '../../support/requirements.ts'

const mebibyte = 1 << 20

const console = 'console: { driver: process, command: [cat] }'

describeWith(
  ['labgrid', 'sshd', 'loop', 'mount-namespaces'],
  "the memory card in a mux of labgrid's exporter",
  function () {
    this.timeout(120_000)
    useLabDirectory()
    let machine: TestContext
    let disk: LoopDisk
    let muxes: MuxMachine
    let server: TestCoordinator
    let devices: Disposable
    let context: TestContext
    let t: Deadline

    before(async () => {
      machine = await createTestContext()
      disk = makeLoopDisk(machine.temporaryDirectory, 16 * mebibyte)
      muxes = await startMuxMachine(machine, disk, 16 * mebibyte)
      const groups = ['mux', 'wire', 'wire3', 'usbmux']
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
          params: { ...params, control_serial: 'sdwire_gen2_101' },
        },
        { ...{ group: 'usbmux', name: 'card', cls: 'NetworkLXAUSBMux' }, params },
      ])
    })
    after(async () => {
      devices?.[Symbol.dispose]()
      await server?.[Symbol.asyncDispose]()
      await muxes?.[Symbol.asyncDispose]()
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
      const { storage } = await equipAt(place, lines, { server, sshd: muxes.sshd }, context, t)
      return await storage?.driver.open(storage.options, context, t)
    }

    for (const [place, side] of [
      ['mux', 'host'],
      ['wire', 'TS'],
      ['wire3', 'host'],
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
        await card.switchTo('host', t)
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
      await assert.rejects(cardAt('usbmux'), {
        code: 'place.unsupported',
        blame: 'environment',
        message: /^the resource card \(NetworkLXAUSBMux\) can't be used: .*NetworkUSBSDMuxDevice/,
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

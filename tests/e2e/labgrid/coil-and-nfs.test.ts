import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import type { BoardSpec } from '../../../src/environment/environment.ts'
import { openFiles } from '../../../src/lab/open-files.ts'
import { createTestContext, type TestContext } from '../../support/driver-context.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { equipAt } from '../../support/labgrid/equip.ts'
import { startExporter, type TestExporter } from '../../support/labgrid/exporter.ts'
import { startFakeExporter } from '../../support/labgrid/fake-exporter.ts'
import { startModbusRelays, type ModbusRelays } from '../../support/power/modbus-relays.ts'
import { describeWith } from '../../support/requirements.ts'
import { startSshd, type TestSshd } from '../../support/ssh/sshd.ts'

const console = 'console: { driver: process, command: [cat] }'

describeWith(
  ['labgrid', 'sshd', 'mount-namespaces'],
  "a coil and an NFS server of labgrid's exporters",
  function () {
    this.timeout(120_000)
    useLabDirectory()
    let machine: TestContext
    let exported: string
    let sshd: TestSshd
    let relays: ModbusRelays
    let server: TestCoordinator
    let exporter: TestExporter
    let devices: Disposable
    let context: TestContext
    let t: Deadline

    before(async () => {
      machine = await createTestContext()
      exported = join(machine.temporaryDirectory, 'exported')
      await mkdir(exported)
      const enter = join(machine.temporaryDirectory, 'enter')
      await writeFile(enter, enterMachine(exported), { mode: 0o755 })
      sshd = await startSshd([`ForceCommand ${enter}`, 'Subsystem sftp /usr/lib/openssh/sftp-server'])
      relays = await startModbusRelays(undefined, labgridUnit)
      await relays.reset()
      server = await startCoordinator(
        Object.fromEntries(
          ['coil', 'all', 'nfs'].map((group) => [group, { matches: { [`*/${group}/*`]: null } }]),
        ),
      )
      exporter = await startExporter(server.address, {
        name: 'lab1',
        resources: {
          coil: { ModbusTCPCoil: { host: `127.0.0.1:${relays.port}`, coil: 3 } },
          all: { ModbusTCPCoil: { host: 'relays1', coil: 3, write_multiple_coils: true } },
        },
      })
      // labgrid's own exporter of release 26 does not start with an NFSProvider.
      devices = await startFakeExporter(server.address, 'lab2', [
        { group: 'nfs', name: 'nfs', cls: 'RemoteNFSProvider', params: { host: '127.0.0.1' } },
      ])
    })
    after(async () => {
      devices?.[Symbol.dispose]()
      await exporter?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
      await relays?.[Symbol.asyncDispose]()
      await sshd?.[Symbol.asyncDispose]()
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

    const equip = (place: string, bootloader: string, line: string): Promise<BoardSpec> =>
      equipAt(place, [`bootloader: ${bootloader}`, console, line], { server, sshd }, context, t)

    it('switches a board by the coil that its environment names', async () => {
      const { hardware } = await equip('coil', 'uboot', 'use: { power: ModbusTCPCoil }')
      const { driver, options } = 'power' in hardware ? hardware.power : assert.fail()
      const power = await driver.open(options, context, t)
      for (const on of [true, false]) {
        await (on ? power.on(t) : power.off(t))
        assert.equal(await relays.isOn(3), on)
        assert.equal(await power.state(t), on ? 'on' : 'off')
      }
    })

    it("says of a coil that is to be written with others that it can't be", async () => {
      await assert.rejects(equip('all', 'uboot', 'use: { power: ModbusTCPCoil }'), {
        code: 'place.unsupported',
        blame: 'environment',
        message: /^the resource ModbusTCPCoil .*"write_multiple_coils".*name "power" in the environment/,
      })
    })

    it('puts files where the exporter of NFS has them, for the time of a run, for barebox alone', async () => {
      const board = await equip('nfs', 'barebox', 'power: { driver: manual }')
      const undo = new UndoStack()
      const files = await openFiles(
        board,
        { files: undefined, emulated: undefined },
        { undo, emit: () => undefined },
      )
      const image = join(context.temporaryDirectory, 'Image')
      await writeFile(image, 'a kernel')
      assert.deepEqual(files?.address, { host: '127.0.0.1', port: 2049, nfsExport: '/var/cache/labgrid' })
      const { name } = (await files?.publish('Image', image, t)) ?? assert.fail()
      assert.equal(await readFile(join(exported, name), 'utf8'), 'a kernel')
      await undo.run()
      assert.deepEqual(await readdir(exported), [])
    })

    it('says nothing of an NFS server to a board whose bootloader does not fetch from one', async () => {
      const { network } = await equip('nfs', 'uboot', 'power: { driver: manual }')
      assert.equal(network.nfs, undefined)
    })
  },
)

/** The device behind an address that labgrid speaks to. */
const labgridUnit = 1

/** A machine whose export is that directory, to whoever logs in. */
function enterMachine(directory: string): string {
  return `#!/bin/sh
exec unshare -m sh -c 'mount -t tmpfs none /var/cache && mkdir /var/cache/labgrid && mount --bind ${directory} /var/cache/labgrid && exec sh -c "$SSH_ORIGINAL_COMMAND"'
`
}

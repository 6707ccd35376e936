import assert from 'node:assert/strict'
import { execa } from 'execa'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { libvirtPower } from '../../src/drivers/power/libvirt.ts'
import { qemuMonitorPower } from '../../src/drivers/power/qemu-monitor.ts'
import type { TestContext } from '../support/driver-context.ts'
import { startLibvirtd, type Libvirtd } from '../support/power/libvirtd.ts'
import { startServer, type ServerProcess } from '../support/power/server-process.ts'
import { describeWith } from '../support/requirements.ts'
import { describePowerSwitch } from './power-switch-contract.ts'

describeWith(['libvirtd', 'virsh'], 'Machines of libvirt, with its test driver', () => {
  let libvirt: Libvirtd
  before(async () => {
    libvirt = await startLibvirtd()
  })
  after(() => (libvirt as Libvirtd | undefined)?.[Symbol.asyncDispose]())

  const list = async () => (await execa('virsh', ['-c', libvirt.uri, 'list', '--name'])).stdout.trim()

  describePowerSwitch({
    name: 'libvirt',
    readsBack: true,
    create: async (context, t) => {
      libvirt.server.wake()
      if ((await list()) === 'test') await execa('virsh', ['-c', libvirt.uri, 'destroy', 'test'])
      return libvirtPower.open(libvirtPower.schema.parse({ uri: libvirt.uri, domain: 'test' }), context, t)
    },
    hasPower: async () => (await list()) === 'test',
    wrongOutlet: {
      create: (context, t) =>
        libvirtPower.open(libvirtPower.schema.parse({ uri: libvirt.uri, domain: 'tost' }), context, t),
      code: 'power.no-outlet',
    },
    wrongPassword: { never: 'a matter of ssh, which is not asked' },
    hang: () => {
      libvirt.server.hang()
    },
    lie: { never: 'its test driver does what it says' },
    fail: { never: 'its test driver does what it is told' },
  })
})

interface Machine {
  readonly server: ServerProcess
  readonly directory: string
}

const machines = new WeakMap<TestContext, Machine>()
const machineOf = (context: TestContext) => machines.get(context) ?? assert.fail('no machine')

/** A QEMU that is not hil's, and that was started as the driver wants it. */
async function startQemu(context: TestContext): Promise<Machine> {
  const directory = context.temporaryDirectory
  const monitor = (name: string) => `unix:${join(directory, name)},server=on,wait=off`
  const server = await startServer(
    [
      // It says nothing when it serves.
      ...['sh', '-c', 'echo started; exec "$@"', 'sh'],
      ...['qemu-system-aarch64', '-M', 'virt', '-cpu', 'cortex-a57', '-m', '64', '-display', 'none'],
      ...['-bios', '/usr/lib/u-boot/qemu_arm64/u-boot.bin', '-net', 'none', '-serial', 'null'],
      ...['-S', '-no-shutdown', '-qmp', monitor('qmp'), '-monitor', monitor('hmp')],
    ],
    (line) => line === 'started',
  )
  return { server, directory }
}

describePowerSwitch({
  name: 'qemu-monitor',
  needs: ['qemu'],
  readsBack: true,
  create: async (context, t) => {
    const machine = await startQemu(context)
    context.undo.defer('QEMU', () => machine.server[Symbol.asyncDispose]())
    machines.set(context, machine)
    const socket = join(machine.directory, 'qmp')
    while (!existsSync(join(machine.directory, 'hmp'))) await t.race(wait(5))
    return qemuMonitorPower.open(qemuMonitorPower.schema.parse({ socket }), context, t)
  },
  hasPower: async (context) =>
    (await askMonitor(machineOf(context), 'info status')).includes('VM status: running'),
  wrongOutlet: {
    create: (context, t) =>
      qemuMonitorPower.open(qemuMonitorPower.schema.parse({ socket: '/nonexistent/qmp' }), context, t),
    ...{ code: 'power.unreachable', blame: 'infrastructure' },
  },
  wrongPassword: { never: 'its socket asks for none' },
  hang: (context) => {
    machineOf(context).server.hang()
  },
  lie: { never: 'it does what it says' },
  fail: { never: 'it does what it is told' },
})

/** By the monitor for people, which is another door than ours. */
async function askMonitor({ directory }: Machine, command: string): Promise<string> {
  const socket = connect(join(directory, 'hmp'))
  await once(socket, 'connect')
  let said = ''
  socket.setEncoding('utf8')
  socket.write(`${command}\n`)
  for await (const text of socket as AsyncIterable<string>) {
    said += text
    if (/VM status: \w+/.test(said)) break
  }
  socket.destroy()
  return said
}

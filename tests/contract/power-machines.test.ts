import assert from 'node:assert/strict'
import { execa } from 'execa'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { libvirtMachine } from '../../src/drivers/machine/libvirt.ts'
import { libvirtPower } from '../../src/drivers/power/libvirt.ts'
import { qemuMonitorPower } from '../../src/drivers/power/qemu-monitor.ts'
import type { TestContext } from '../support/driver-context.ts'
import { defineTwin, twinPrograms } from '../support/power/libvirt-twin.ts'
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

describeWith(twinPrograms, 'Machines of libvirt with QEMU, which bring a console', function () {
  // Each of its steps is one or more runs of virsh, and some a start of QEMU.
  this.timeout(60_000)
  let libvirt: Libvirtd
  before(async () => {
    libvirt = await startLibvirtd()
    await defineTwin(libvirt)
  })
  after(async () => {
    await switchedOff()
    await libvirt[Symbol.asyncDispose]()
  })

  const virsh = async (...words: readonly string[]) =>
    (await execa('virsh', ['-c', libvirt.qemuUri, ...words])).stdout.trim()
  const isOn = async () => (await virsh('list', '--name')) === 'twin'
  /** A machine outlives the libvirtd that started it. */
  const switchedOff = async () => {
    libvirt.server.wake()
    if (await isOn()) await virsh('destroy', 'twin')
  }

  describePowerSwitch({
    name: 'libvirt, as a machine',
    readsBack: true,
    create: async (context, t) => {
      await switchedOff()
      const options = libvirtMachine.schema.parse({ uri: libvirt.qemuUri, domain: 'twin' })
      return (await libvirtMachine.open(options, context, t)).power
    },
    hasPower: isOn,
    wrongOutlet: { never: 'it is asked for before the switch is there' },
    wrongPassword: { never: 'a matter of ssh, which is not asked' },
    hang: () => {
      libvirt.server.hang()
    },
    lie: { never: 'it does what it says' },
    fail: { never: 'it does what it is told' },
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

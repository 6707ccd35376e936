import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { toolOptions } from '../tool/options.ts'
import { openTool, toolFailed } from '../tool/tool.ts'
import { noOutlet } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

/** What `virsh domstate` prints of a machine that runs, whether or not its CPUs do. */
const running = ['running', 'idle', 'paused', 'in shutdown', 'pmsuspended']

export const libvirtPower = definePowerSwitch({
  name: 'libvirt',
  summary: 'A virtual machine of libvirt, by virsh: it is started, and stopped as if its plug were pulled.',
  schema: z.strictObject({
    domain: z
      .string()
      .min(1)
      .describe('The machine: its name or UUID.')
      .meta({ examples: ['rock3a-twin'] }),
    uri: z
      .string()
      .min(1)
      .default('qemu:///system')
      .describe('The libvirt that has it, such as qemu+ssh://lab1/system.'),
    ...toolOptions('virsh'),
  }),
  resources: ({ domain, uri }) => [`machine:${uri}/${domain}`],
  open({ domain, uri, ...options }) {
    const virsh = openTool(options, 'the package libvirt-clients')
    const call = async (command: string, t: Deadline) => {
      const args = ['--connect', uri, command, '--domain', domain]
      const outcome = await virsh.try(args, t)
      const said = outcome.stderr.trim()
      if (said.includes('failed to get domain')) throw noOutlet(`libvirt at ${uri}`, domain, said)
      if (outcome.exitCode !== 0) throw toolFailed([virsh.name, ...args].join(' '), outcome)
      return outcome.stdout.trim()
    }
    const isOn = async (t: Deadline) => running.includes(await call('domstate', t))
    return Promise.resolve(
      switchOf(async (on, t) => {
        // It refuses to start what runs, and to stop what does not.
        if ((await isOn(t)) !== on) await call(on ? 'start' : 'destroy', t)
      }, isOn),
    )
  },
})

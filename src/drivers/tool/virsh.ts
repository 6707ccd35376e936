import { z } from 'zod'
import type { Deadline } from '../../core/deadline.ts'
import { noOutlet } from '../power/power-errors.ts'
import type { ToolOptions } from './options.ts'
import { openTool, toolFailed, type ToolContext } from './tool.ts'

/** What `virsh domstate` prints of a machine that runs, whether or not its CPUs do. */
const running = ['running', 'idle', 'paused', 'in shutdown', 'pmsuspended']

/** A virtual machine of libvirt. */
export interface Domain {
  /** @returns what virsh printed */
  call(command: string, t: Deadline, ...more: readonly string[]): Promise<string>
  /** As `virsh domstate` prints it. */
  state(t: Deadline): Promise<string>
  isOn(t: Deadline): Promise<boolean>
}

/** Which virtual machine. */
export const domainOptions = {
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
}

export function domainResource({ domain, uri }: Pick<DomainOptions, 'domain' | 'uri'>): string {
  return `machine:${uri}/${domain}`
}

export interface DomainOptions extends ToolOptions {
  readonly domain: string
  readonly uri: string
}

/** @throws HilError `power.no-outlet` (environment) from each call, where there is no such machine */
export function openDomain({ domain, uri, ...options }: DomainOptions, context: ToolContext): Domain {
  const virsh = openTool(options, 'the package libvirt-clients', context)
  const call = async (command: string, t: Deadline, ...more: readonly string[]) => {
    const args = ['--connect', uri, command, '--domain', domain, ...more]
    const outcome = await virsh.try(args, t)
    const said = outcome.stderr.trim()
    if (said.includes('failed to get domain')) throw noOutlet(`libvirt at ${uri}`, domain, said)
    if (outcome.exitCode !== 0) throw toolFailed([virsh.name, ...args].join(' '), outcome)
    return outcome.stdout.trim()
  }
  const state = (t: Deadline) => call('domstate', t)
  return { call, state, isOn: async (t) => running.includes(await state(t)) }
}

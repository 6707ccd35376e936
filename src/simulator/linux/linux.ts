import { fromBytes } from '../binary.ts'
import type { Handover, Hardware } from '../hardware.ts'
import type { System } from '../posix/process.ts'
import { programsFor } from '../posix/programs/index.ts'
import { bootMessages, lateMessages } from './boot-messages.ts'
import { KernelLog, logLevels } from './kernel-log.ts'
import { panic } from './panic.ts'
import { createRootFiles } from './root-files.ts'
import { Tty } from './tty.ts'
import { runUserspace } from './userspace.ts'

const build =
  '(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) ' +
  '#1 SMP Debian 6.1.192-2 (2026-11-16)'
const version = '#1 SMP Debian 6.1.192-2 (2026-11-16)'

/** Boots the simulated kernel into its userspace. Never returns: it ends with the board's life. */
export async function startLinux(hardware: Hardware, { commandLine }: Handover): Promise<never> {
  const { linux } = hardware.options
  const log = new KernelLog({ hardware, commandLine })
  const { release } = linux
  hardware.panic = (reason) => panic(hardware, { log, commandLine, release, reason })
  hardware.receive(() => undefined)

  const values: Readonly<Record<string, string>> = {
    release,
    build,
    model: linux.model,
    commandLine,
    total: String(linux.memory * 1024),
    available: String(linux.memory * 1024 - 135_168),
    init: /(?:^|\s)(?:rd)?init=(\S+)/.exec(commandLine)?.[1] ?? '/init',
  }
  const messages = parse(bootMessages, values)
  const middle = Math.floor(messages.length / 2)
  await logAll(log, messages.slice(0, middle))
  await hardware.reach('kernel')
  await logAll(log, messages.slice(middle))
  if (!linux.root) return withoutRoot(hardware, log)
  await logAll(log, parse(lateMessages, values))
  hardware.watchdog?.start(0)
  await hardware.reach('userspace')

  const tty = new Tty((text) => hardware.send(text))
  hardware.receive((bytes) => {
    tty.receive(fromBytes(bytes))
  })
  const system: System = {
    life: hardware.life,
    tty,
    programs: programsFor(linux.shell),
    files: createRootFiles({ hardware, log, commandLine, version, build }),
    kernel: { release, version, machine: 'aarch64', commandLine, hostname: linux.hostname, log: log.lines },
    absent: new Set(linux.absentCommands),
    unsupported: (what) => {
      hardware.unsupported(what)
    },
    uptime: () => log.uptime(),
    flavour: linux.shell,
    controllingTerminal: linux.controllingTerminal,
    promptComes: async () => {
      const slow = hardware.faults.now('slow-prompt')
      if (slow !== undefined) await hardware.life.sleepReal(slow.delayMs)
      return hardware.faults.now('double-prompt') === undefined ? 1 : 2
    },
    lineTaken: async () => {
      const fault = hardware.faults.now('printk')
      if (fault !== undefined) tty.interject(() => log.log(fault.text, logLevels.warning))
      await hardware.reach('shell')
    },
    restart: () => leave(log, 'Restarting system', () => hardware.reset('RST')),
    powerOff: () => leave(log, 'Power down', () => hardware.powerOff()),
    halt: () => leave(log, 'System halted', () => hardware.life.hang()),
  }
  return runUserspace(system, linux.login)
}

interface Message {
  readonly at: number
  readonly text: string
}

function parse(messages: string, values: Readonly<Record<string, string>>): Message[] {
  return messages
    .trimEnd()
    .split('\n')
    .map((line) => {
      const space = line.indexOf(' ')
      const text = line.slice(space + 1).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      return { at: Number(line.slice(0, space)) * 1000, text }
    })
}

async function logAll(log: KernelLog, messages: readonly Message[]): Promise<void> {
  for (const { at, text } of messages) {
    log.skipTo(at)
    await log.log(text, logLevels.info, at)
  }
}

async function withoutRoot(hardware: Hardware, log: KernelLog): Promise<never> {
  for (const text of ['List of all partitions:', 'No filesystem could mount root, tried: ', '']) {
    await log.log(text, logLevels.emergency)
  }
  return hardware.panic('VFS: Unable to mount root fs on unknown-block(0,0)')
}

async function leave(log: KernelLog, what: string, then: () => Promise<never>): Promise<never> {
  await log.log(`reboot: ${what}`, logLevels.notice)
  return then()
}

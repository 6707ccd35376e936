import { endOfShell } from './execute/subshell.ts'
import { LineEditor } from './line-editor/line-editor.ts'
import type { System } from './process.ts'
import { defaultPrompt } from './prompt.ts'
import { Repl } from './repl.ts'
import { Shell, type ShellFlavour } from './shell.ts'
import { SignalTarget } from './signals.ts'

export interface InteractiveOptions {
  /** `$0`; a login shell's begins with a dash. */
  readonly name: string
  readonly user: string
  readonly directory: string
  /** @default what the system's shell is */
  readonly flavour?: ShellFlavour
  /** What a parent hands down; a login shell makes its own. */
  readonly environment?: ReadonlyMap<string, string>
}

/** A shell at its prompt on the console, until `exit` or Ctrl-D. @returns its status */
export async function runInteractive(system: System, options: InteractiveOptions): Promise<number> {
  const { tty } = system
  const flavour = options.flavour ?? system.flavour
  const shell = createShell(system, flavour, options)
  const outer = tty.onInterrupt
  if (system.controllingTerminal) {
    tty.onInterrupt = () => {
      const { foreground } = shell.session
      for (const target of foreground.size > 0 ? [...foreground] : [shell.signals]) target.send('INT')
    }
  }
  await greet(shell)
  try {
    return await endOfShell(shell, () => new Repl(shell, new LineEditor(tty, flavour)).run())
  } finally {
    tty.onInterrupt = outer
  }
}

function createShell(system: System, flavour: ShellFlavour, options: InteractiveOptions): Shell {
  const { name, user, directory } = options
  // Until the shell is there it ignores nothing.
  let shell: Shell | undefined = undefined
  const signals: SignalTarget = new SignalTarget(system.life, (signal) => shell?.ignores(signal) ?? false)
  shell = new Shell({
    system,
    flavour,
    signals,
    session: { foreground: new Set() },
    interactive: true,
    name,
    user,
    directory,
    streams: new Map([0, 1, 2].map((fd) => [fd, system.tty.stream])),
    environment: options.environment ?? loginEnvironment(options),
  })
  shell.options.add('m')
  shell.variables.set('PS1', defaultPrompt(flavour))
  shell.variables.set('PS2', '> ')
  if (flavour === 'bash') shell.variables.set('BASH', '/bin/bash')
  return shell
}

function loginEnvironment({ user, directory }: InteractiveOptions): ReadonlyMap<string, string> {
  return new Map([
    ['HOME', directory],
    ['PATH', '/sbin:/usr/sbin:/bin:/usr/bin'],
    ['PWD', directory],
    ['SHELL', '/bin/sh'],
    ['TERM', 'vt102'],
    ['USER', user],
  ])
}

async function greet(shell: Shell): Promise<void> {
  const { system, flavour } = shell
  if (flavour === 'ash') {
    await system.tty.write(
      '\n\nBusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) built-in shell (ash)\n' +
        "Enter 'help' for a list of built-in commands.\n\n",
    )
  }
  if (system.controllingTerminal) return
  if (flavour === 'bash') {
    await shell.complain('cannot set terminal process group (-1): Inappropriate ioctl for device')
    await shell.complain('no job control in this shell')
  } else await shell.complain("can't access tty; job control turned off")
}

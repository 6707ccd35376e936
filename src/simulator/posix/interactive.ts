import type { Hardware } from '../hardware.ts'
import { endOfShell, runScript, runText, describeSyntaxError } from './execute.ts'
import { LineEditor } from './line-editor.ts'
import { ScriptParser } from './parse.ts'
import { expandPrompt, defaultPrompt } from './prompt.ts'
import type { Process, System } from './process.ts'
import { Shell, ShellJump } from './shell.ts'
import { Signalled, SignalTarget } from './signals.ts'
import type { Streams } from './streams.ts'
import { IncompleteInput, ShellSyntaxError } from './syntax.ts'

export interface InteractiveOptions {
  readonly name: string
  readonly user: string
  readonly directory: string
  /** Started by `login`. */
  readonly login: boolean
}

/** A shell at its prompt on the console, until `exit` or Ctrl-D. */
export function runInteractive(
  system: System,
  hardware: Hardware,
  { name, user, directory, login }: InteractiveOptions,
): Promise<number> {
  const { tty } = system
  return runAtPrompt(system, hardware, {
    name,
    user,
    directory,
    streams: new Map([0, 1, 2].map((fd) => [fd, tty.stream])),
    environment: [
      ['HOME', login ? directory : '/'],
      ['PATH', '/sbin:/usr/sbin:/bin:/usr/bin'],
      ['PWD', directory],
      ['SHELL', '/bin/sh'],
      ['TERM', 'vt102'],
      ['USER', user],
    ],
  })
}

/** A shell that was started from a shell, with its environment. */
export async function runNestedShell(
  hardware: Hardware,
  { system, argv, environment, directory, streams, user }: Process,
  text: string | undefined,
): Promise<number> {
  const parts = { name: argv[0] ?? 'sh', user, directory, streams, environment }
  if (text === undefined) return runAtPrompt(system, hardware, parts)
  const signals = new SignalTarget(system.life)
  const flavour = hardware.options.linux.shell
  const session = { foreground: new Set<SignalTarget>([signals]) }
  const shell = new Shell({ ...parts, system, flavour, signals, session, interactive: false })
  return withInterrupts(system, hardware, session.foreground, signals, () =>
    endOfShell(shell, () => runText(shell, text)),
  )
}

interface ShellParts {
  readonly name: string
  readonly user: string
  readonly directory: string
  readonly streams: Streams
  readonly environment: Iterable<readonly [string, string]>
}

async function runAtPrompt(system: System, hardware: Hardware, parts: ShellParts): Promise<number> {
  const { shell: flavour, controllingTerminal } = hardware.options.linux
  const { tty } = system
  let shell: Shell | undefined = undefined
  const signals = new SignalTarget(system.life, (signal) => shell?.ignores(signal) ?? false)
  const foreground = new Set<SignalTarget>()
  shell = new Shell({ ...parts, system, flavour, signals, session: { foreground }, interactive: true })
  shell.variables.set('PS1', defaultPrompt(flavour))
  shell.variables.set('PS2', '> ')
  if (flavour === 'bash') shell.variables.set('BASH', '/bin/bash')
  if (flavour === 'ash') {
    await tty.write(
      "\n\nBusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n",
    )
  }
  if (!controllingTerminal) await complainAboutTerminal(shell)
  const repl = new Repl(shell, new LineEditor(tty, flavour, controllingTerminal), hardware)
  return withInterrupts(system, hardware, foreground, signals, () => endOfShell(shell, () => repl.run()))
}

/** While it runs, Ctrl-C is for what it has in the foreground, or for itself. */
async function withInterrupts(
  { tty }: System,
  { options }: Hardware,
  foreground: ReadonlySet<SignalTarget>,
  signals: SignalTarget,
  work: () => Promise<number>,
): Promise<number> {
  const outer = tty.onInterrupt
  tty.onInterrupt = options.linux.controllingTerminal
    ? () => {
        for (const target of foreground.size > 0 ? [...foreground] : [signals]) target.send('INT')
      }
    : undefined
  try {
    return await work()
  } finally {
    tty.onInterrupt = outer
  }
}

async function complainAboutTerminal(shell: Shell): Promise<void> {
  if (shell.flavour === 'bash') {
    await shell.complain('cannot set terminal process group (-1): Inappropriate ioctl for device')
    await shell.complain('no job control in this shell')
  } else await shell.complain("can't access tty; job control turned off")
}

class Repl {
  readonly #shell: Shell
  readonly #editor: LineEditor
  readonly #hardware: Hardware

  constructor(shell: Shell, editor: LineEditor, hardware: Hardware) {
    this.#shell = shell
    this.#editor = editor
    this.#hardware = hardware
  }

  async run(): Promise<number> {
    for (;;) {
      try {
        const text = await this.#readCommand()
        if (text === undefined) return this.#shell.status
        await this.#execute(text)
      } catch (error) {
        await this.#survive(error)
      }
    }
  }

  /** A command, with the lines it needs to be complete; `undefined` at Ctrl-D. */
  async #readCommand(): Promise<string | undefined> {
    let text = ''
    for (;;) {
      const line = await this.#readLine(text === '' ? 'PS1' : 'PS2')
      if (line === undefined) return text === '' ? undefined : text
      text += `${line}\n`
      if (this.#isComplete(text)) return text
    }
  }

  async #readLine(variable: 'PS1' | 'PS2'): Promise<string | undefined> {
    const prompt = expandPrompt(this.#shell, this.#shell.variables.get(variable) ?? '')
    const { faults, life } = this.#hardware
    const slow = faults.now('slow-prompt')
    if (slow !== undefined) await life.sleep(slow.delayMs * this.#hardware.options.speed)
    if (faults.now('double-prompt') !== undefined) await this.#shell.system.tty.write(prompt)
    return this.#editor.readLine(prompt, this.#shell.signals)
  }

  /** Syntax errors count as complete: running the text reports them. */
  #isComplete(text: string): boolean {
    try {
      const parser = new ScriptParser(text)
      while (parser.next() !== undefined);
      return true
    } catch (error) {
      if (error instanceof IncompleteInput) return false
      if (error instanceof ShellSyntaxError) return true
      throw error
    }
  }

  async #execute(text: string): Promise<void> {
    const shell = this.#shell
    const parser = new ScriptParser(text)
    for (;;) {
      const script = parser.next()
      if (script === undefined) return
      await shell.system.commandStarts()
      shell.status = await runScript(shell, script)
      await shell.system.commandPrints()
    }
  }

  /** What ends a script only ends the line here. */
  async #survive(error: unknown): Promise<void> {
    const shell = this.#shell
    shell.loopDepth = 0
    shell.functionDepth = 0
    shell.conditionDepth = 0
    if (error instanceof Signalled) {
      shell.status = error.status
      await shell.system.tty.write('\n')
    } else if (error instanceof ShellSyntaxError) {
      await shell.complain(describeSyntaxError(shell, error))
      shell.status = 2
    } else if (error instanceof ShellJump && error.kind !== 'exit') shell.status = error.value
    else throw error
  }
}

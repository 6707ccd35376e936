import type { System } from './process.ts'
import type { Signalled, SignalName, SignalTarget } from './signals.ts'
import type { Streams } from './streams.ts'
import type { Command } from './syntax.ts'

export type ShellFlavour = 'ash' | 'bash' | 'sh'

/** Ends what runs up to a certain place: `break`, `return`, `exit`, or an error that a shell does not survive. */
export class ShellJump extends Error {
  readonly kind: 'break' | 'continue' | 'return' | 'exit' | 'error'
  /** Loops to leave for `break` and `continue`, the status otherwise. */
  value: number

  constructor(kind: ShellJump['kind'], value: number) {
    super(kind)
    this.kind = kind
    this.value = value
  }
}

/** A login: what it runs in the foreground is what Ctrl-C is for. Shared by a shell and its subshells. */
export interface Session {
  readonly foreground: Set<SignalTarget>
}

export interface BackgroundJob {
  readonly id: number
  readonly signals: SignalTarget
  readonly finished: Promise<number>
}

/** What a shell remembers between commands. */
export class Shell {
  readonly system: System
  readonly flavour: ShellFlavour
  readonly signals: SignalTarget
  readonly session: Session
  /** At its prompt: it survives errors and Ctrl-C. */
  readonly interactive: boolean
  /** `$0`, and the name in messages. */
  readonly name: string
  readonly user: string
  variables: Map<string, string>
  exported: Set<string>
  readOnly = new Set<string>()
  functions: Map<string, Command>
  aliases: Map<string, string>
  positional: readonly string[] = []
  options: Set<string>
  directory: string
  streams: Streams
  status = 0
  lastBackground: number | undefined
  background = new Map<number, BackgroundJob>()
  /** Actions by signal, or by `EXIT`; '' ignores. */
  traps = new Map<string, string>()
  /** Signals whose trap has to run as soon as the command at work is over. */
  pendingTraps: string[] = []
  /** Started with `&`, or by something that was: Ctrl-C is not for it. */
  inBackground = false
  loopDepth = 0
  functionDepth = 0
  /** The status of the last command substitution, for a command that is nothing but assignments. */
  substitutionStatus: number | undefined
  /** Inside a condition, where `set -e` does not apply. */
  conditionDepth = 0
  /** How deep in `eval`: its errors are told with its name. */
  evalDepth = 0
  /** Commands run since the event loop had its turn. */
  commandsThisTurn = 0
  /** Variables that `local` hides, one map a function call. */
  locals: Map<string, string | undefined>[] = []

  constructor(parts: {
    readonly system: System
    readonly flavour: ShellFlavour
    readonly signals: SignalTarget
    readonly session: Session
    readonly interactive: boolean
    readonly name: string
    readonly user: string
    readonly directory: string
    readonly streams: Streams
    readonly environment: Iterable<readonly [string, string]>
  }) {
    this.system = parts.system
    this.flavour = parts.flavour
    this.signals = parts.signals
    this.session = parts.session
    this.interactive = parts.interactive
    this.name = parts.name
    this.user = parts.user
    this.directory = parts.directory
    this.streams = parts.streams
    this.variables = new Map(parts.environment)
    this.exported = new Set(this.variables.keys())
    this.functions = new Map()
    this.aliases = new Map()
    this.options = new Set()
    if (!this.variables.has('IFS')) this.variables.set('IFS', ' \t\n')
  }

  /** A copy that can go its own way, as `( )` and `$( )` get. Traps are not inherited, ignored signals are. */
  fork(signals: SignalTarget, streams: Streams): Shell {
    const child = new Shell({
      system: this.system,
      flavour: this.flavour,
      signals,
      session: this.session,
      interactive: false,
      name: this.name,
      user: this.user,
      directory: this.directory,
      streams,
      environment: this.variables,
    })
    child.exported = new Set(this.exported)
    child.readOnly = new Set(this.readOnly)
    child.functions = new Map(this.functions)
    child.aliases = new Map(this.aliases)
    child.positional = this.positional
    child.options = new Set(this.options)
    child.status = this.status
    child.lastBackground = this.lastBackground
    child.traps = new Map([...this.traps].filter(([, action]) => action === ''))
    child.inBackground = this.inBackground
    child.functionDepth = this.functionDepth
    child.loopDepth = this.loopDepth
    return child
  }

  /** @throws ShellJump when the variable is read-only */
  set(name: string, value: string): void {
    if (this.readOnly.has(name)) {
      void this.complain(`${name}: is read only`)
      throw new ShellJump('error', 2)
    }
    this.variables.set(name, value)
    if (this.options.has('a')) this.exported.add(name)
  }

  /** The exported variables, as a program gets them. */
  environment(): Map<string, string> {
    const environment = new Map<string, string>()
    for (const name of this.exported) {
      const value = this.variables.get(name)
      if (value !== undefined) environment.set(name, value)
    }
    return environment
  }

  /** Back at the prompt, whatever was being run. */
  forgetNesting(): void {
    this.loopDepth = 0
    this.functionDepth = 0
    this.conditionDepth = 0
    this.evalDepth = 0
    this.locals = []
  }

  /** Writes to standard output. */
  print(text: string): Promise<void> | undefined {
    return this.streams.get(1)?.write?.(text, this.signals)
  }

  /** A message on standard error, in the words of the flavour. */
  complain(message: string): Promise<void> | undefined {
    // dash tells a line, which is not counted here.
    const line = this.flavour === 'sh' ? '1: ' : ''
    const within = this.evalDepth > 0 && this.flavour !== 'bash' ? 'eval: ' : ''
    return this.streams.get(2)?.write?.(`${this.name}: ${line}${within}${message}\n`, this.signals)
  }

  ignores(signal: SignalName): boolean {
    return this.traps.get(signal) === ''
  }

  /** What an interactive shell or one with a trap does with a signal; `false`: it dies of it. */
  survives(signalled: Signalled): boolean {
    const action = this.traps.get(signalled.signal)
    if (action === undefined) return false
    if (action !== '') this.pendingTraps.push(signalled.signal)
    return true
  }
}

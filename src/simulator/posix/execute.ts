import { builtins, specialBuiltins } from './builtins/index.ts'
import { expandOne, expandPattern, expandWords } from './expand.ts'
import { describeSyntaxError } from './describe-syntax-error.ts'
import { ScriptParser } from './parse.ts'
import { patternToRegExp } from './pattern.ts'
import { findProgram } from './find-program.ts'
import { withRedirects } from './redirect.ts'
import { ShellJump, type Shell } from './shell.ts'
import { Signalled, SignalTarget } from './signals.ts'
import { BrokenPipe, captureStream, Pipe, type Streams } from './streams.ts'
import {
  ShellSyntaxError,
  type AndOr,
  type Command,
  type ListItem,
  type Pipeline,
  type Script,
  type Word,
} from './syntax.ts'

type SimpleCommand = Extract<Command, { kind: 'simple' }>
type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

/**
 * Reads and runs a text in this shell, a line at a time.
 * @returns the status of the last command
 */
export async function runText(shell: Shell, text: string): Promise<number> {
  const parser = new ScriptParser(text)
  let status = 0
  for (;;) {
    let script: Script | undefined
    try {
      script = parser.next()
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error
      await shell.complain(describeSyntaxError(shell, error))
      throw new ShellJump('error', 2)
    }
    if (script === undefined) return status
    status = await runScript(shell, script)
  }
}

export async function runScript(shell: Shell, script: Script): Promise<number> {
  for (const item of script.items) {
    shell.status = item.background ? runInBackground(shell, item) : await runAndOr(shell, item.command)
    await settle(shell)
  }
  return shell.status
}

/** Between commands: signals and traps have their turn, and so has the rest of this process. */
async function settle(shell: Shell): Promise<void> {
  noticeSignal(shell)
  if (shell.pendingTraps.length > 0) await runTraps(shell)
  shell.commandsThisTurn += 1
  if (shell.commandsThisTurn > 100) {
    shell.commandsThisTurn = 0
    await shell.signals.life.breathe()
  }
}

function noticeSignal(shell: Shell): void {
  const signalled = shell.signals.takePending()
  if (signalled !== undefined && !shell.survives(signalled)) throw signalled
}

export async function runTraps(shell: Shell): Promise<void> {
  const { status } = shell
  for (let name = shell.pendingTraps.shift(); name !== undefined; name = shell.pendingTraps.shift()) {
    await runText(shell, shell.traps.get(name) ?? '')
  }
  shell.status = status
}

async function runAndOr(shell: Shell, { first, rest }: AndOr): Promise<number> {
  let status = await runPipeline(shell, first, rest.length > 0)
  let ran = first
  for (const { operator, pipeline } of rest) {
    if ((operator === '&&') !== (status === 0)) continue
    ran = pipeline
    status = await runPipeline(shell, pipeline, pipeline !== rest.at(-1)?.pipeline)
  }
  const final = rest.at(-1)?.pipeline ?? first
  const failed = status !== 0 && ran === final && !ran.negated
  if (failed && shell.options.has('e') && shell.conditionDepth === 0) throw new ShellJump('exit', status)
  return status
}

async function runPipeline(shell: Shell, { negated, commands }: Pipeline, tested: boolean): Promise<number> {
  const [only] = commands
  if (tested || negated) shell.conditionDepth += 1
  try {
    const status =
      commands.length === 1 && only !== undefined
        ? await runCommand(shell, only)
        : await runPipe(shell, commands)
    shell.status = negated ? (status === 0 ? 1 : 0) : status
    return shell.status
  } finally {
    if (tested || negated) shell.conditionDepth -= 1
  }
}

/** Every command of a pipeline runs in a subshell, all at the same time. */
async function runPipe(shell: Shell, commands: readonly Command[]): Promise<number> {
  const pipes = commands.slice(1).map(() => new Pipe())
  const statuses = await Promise.all(
    commands.map((command, index) => {
      const input = pipes[index - 1]?.readEnd
      const output = pipes[index]?.writeEnd
      const streams = new Map(shell.streams)
      if (input !== undefined) streams.set(0, input)
      if (output !== undefined) streams.set(1, output)
      return inSubshell(shell, streams, (child) => runCommand(child, command)).finally(() => {
        input?.close?.()
        output?.close?.()
      })
    }),
  )
  return statuses.at(-1) ?? 0
}

/**
 * Runs something in a copy of the shell, in the foreground.
 * @returns its status; what ends a subshell ends only that
 */
export async function inSubshell(
  shell: Shell,
  streams: Streams,
  work: (child: Shell) => Promise<number>,
  { background = false } = {},
): Promise<number> {
  let child: Shell | undefined = undefined
  const signals = new SignalTarget(shell.signals.life, (signal) => (child ?? shell).ignores(signal))
  child = shell.fork(signals, streams)
  child.inBackground ||= background
  return inForeground(shell, signals, child.inBackground, () => endOfShell(child, () => work(child)))
}

/** Runs a shell to its end: `exit`, an error or a signal end it, and its EXIT trap runs. */
export async function endOfShell(shell: Shell, work: () => Promise<number>): Promise<number> {
  let status: number
  try {
    status = await work()
  } catch (error) {
    if (error instanceof BrokenPipe) return 141
    if (error instanceof Signalled) status = error.status
    else if (error instanceof ShellJump)
      status = error.kind === 'break' || error.kind === 'continue' ? 0 : error.value
    else throw error
  }
  const action = shell.traps.get('EXIT')
  if (action === undefined || action === '') return status
  shell.traps.delete('EXIT')
  shell.status = status
  return endOfShell(shell, async () => {
    await runText(shell, action)
    return status
  })
}

/** While it runs, Ctrl-C is for it; a shell at its prompt that sees its work die of Ctrl-C gets it too. */
async function inForeground(
  shell: Shell,
  signals: SignalTarget,
  background: boolean,
  work: () => Promise<number>,
): Promise<number> {
  if (background) return work()
  const { foreground } = shell.session
  foreground.add(signals)
  try {
    const status = await work()
    if (status === 130 && shell.interactive) shell.signals.send('INT')
    return status
  } finally {
    foreground.delete(signals)
  }
}

function runInBackground(shell: Shell, { command }: ListItem): number {
  const id = 100 + shell.background.size
  const streams = new Map(shell.streams)
  const signals = new SignalTarget(shell.signals.life)
  const finished = inSubshell(shell, streams, (child) => runAndOr(child, command), { background: true })
  // The board may stop before the job is done; then nobody waits for it any more.
  finished.catch(() => undefined)
  shell.background.set(id, { id, signals, finished })
  shell.lastBackground = id
  return 0
}

async function runCommand(shell: Shell, command: Command): Promise<number> {
  if (command.kind === 'simple') return runSimple(shell, command)
  if (command.kind === 'function') {
    shell.functions.set(command.name, command.body)
    return 0
  }
  if (command.redirects.length === 0) return runCompound(shell, command)
  return withRedirects(shell, command.redirects, substitute, () => runCompound(shell, command))
}

function runCompound(
  shell: Shell,
  command: Exclude<Command, { kind: 'simple' | 'function' }>,
): Promise<number> {
  switch (command.kind) {
    case 'group':
      return runScript(shell, command.body)
    case 'subshell':
      return inSubshell(shell, shell.streams, (child) => runScript(child, command.body))
    case 'if':
      return runIf(shell, command)
    case 'loop':
      return runLoop(shell, command)
    case 'for':
      return runFor(shell, command)
    case 'case':
      return runCase(shell, command)
  }
}

async function runIf(shell: Shell, { branches, otherwise }: CommandOf<'if'>): Promise<number> {
  for (const { condition, body } of branches) {
    if (await holds(shell, condition)) return runScript(shell, body)
  }
  shell.status = 0
  return otherwise === undefined ? 0 : runScript(shell, otherwise)
}

async function holds(shell: Shell, condition: Script): Promise<boolean> {
  shell.conditionDepth += 1
  try {
    return (await runScript(shell, condition)) === 0
  } finally {
    shell.conditionDepth -= 1
  }
}

async function runLoop(shell: Shell, { until, condition, body }: CommandOf<'loop'>): Promise<number> {
  let status = 0
  await loop(shell, async () => {
    if ((await holds(shell, condition)) === until) return false
    status = await runScript(shell, body)
    return true
  })
  shell.status = status
  return status
}

async function runFor(shell: Shell, { name, words, body }: CommandOf<'for'>): Promise<number> {
  const values = words === undefined ? [...shell.positional] : await expandWords(shell, words, substitute)
  let status = 0
  await loop(shell, async () => {
    const value = values.shift()
    if (value === undefined) return false
    shell.set(name, value)
    status = await runScript(shell, body)
    return true
  })
  return status
}

/** Repeats `turn` until it says no, or a `break` does. */
async function loop(shell: Shell, turn: () => Promise<boolean>): Promise<void> {
  shell.loopDepth += 1
  try {
    for (;;) {
      try {
        if (!(await turn())) return
      } catch (error) {
        if (!(error instanceof ShellJump) || (error.kind !== 'break' && error.kind !== 'continue'))
          throw error
        shell.status = 0
        if (error.value > 1 && shell.loopDepth > 1) {
          error.value -= 1
          throw error
        }
        if (error.kind === 'break') return
      }
    }
  } finally {
    shell.loopDepth -= 1
  }
}

async function runCase(shell: Shell, { subject, items }: CommandOf<'case'>): Promise<number> {
  const text = await expandOne(shell, subject, substitute)
  for (const { patterns, body } of items) {
    for (const pattern of patterns) {
      if (!patternToRegExp(await expandPattern(shell, pattern, substitute)).test(text)) continue
      if (body.items.length === 0) return 0
      return runScript(shell, body)
    }
  }
  return 0
}

async function runSimple(shell: Shell, command: SimpleCommand): Promise<number> {
  shell.substitutionStatus = undefined
  const argv = await expandWords(shell, command.words, substitute)
  const run = () => (argv.length === 0 ? assignOnly(shell, command) : runArgv(shell, command, argv))
  if (shell.options.has('x') && argv.length > 0) {
    await shell.streams.get(2)?.write?.(`+ ${argv.join(' ')}\n`, shell.signals)
  }
  if (command.redirects.length === 0) return run()
  if (argv[0] === 'exec' && argv.length === 1)
    return withRedirects(shell, command.redirects, substitute, run, { keep: true })
  return withRedirects(shell, command.redirects, substitute, run)
}

async function assignOnly(shell: Shell, { assignments }: SimpleCommand): Promise<number> {
  for (const { name, value } of assignments) shell.set(name, await expandOne(shell, value, substitute))
  return shell.substitutionStatus ?? 0
}

async function runArgv(
  shell: Shell,
  { assignments }: SimpleCommand,
  argv: readonly string[],
): Promise<number> {
  const name = argv[0] ?? ''
  const values = await expandAssignments(shell, assignments)
  const special = Object.hasOwn(specialBuiltins, name) ? specialBuiltins[name] : undefined
  if (special !== undefined) {
    for (const [variable, value] of values) shell.set(variable, value)
    return special(shell, argv)
  }
  const body = shell.functions.get(name)
  if (body !== undefined) return withVariables(shell, values, () => callFunction(shell, body, argv))
  return runCommandNamed(shell, argv, values)
}

/** Runs a builtin or a program, no function: what `command` does. */
export async function runCommandNamed(
  shell: Shell,
  argv: readonly string[],
  values: ReadonlyMap<string, string> = new Map(),
): Promise<number> {
  const name = argv[0] ?? ''
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined
  if (builtin !== undefined) return withVariables(shell, values, async () => builtin(shell, argv))
  const program = await findProgram(shell, name)
  if (typeof program === 'number') return program
  const signals = new SignalTarget(shell.signals.life, (signal) => shell.ignores(signal))
  return inForeground(shell, signals, shell.inBackground, async () => {
    try {
      return await program({
        system: shell.system,
        argv,
        environment: new Map([...shell.environment(), ...values]),
        directory: shell.directory,
        streams: shell.streams,
        signals,
        user: shell.user,
        session: shell.session,
      })
    } catch (error) {
      if (error instanceof Signalled) return error.status
      if (error instanceof BrokenPipe) return 141
      throw error
    }
  })
}

async function expandAssignments(
  shell: Shell,
  assignments: readonly { name: string; value: Word }[],
): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  for (const { name, value } of assignments) values.set(name, await expandOne(shell, value, substitute))
  return values
}

/** Variables set for one command alone. */
async function withVariables(
  shell: Shell,
  values: ReadonlyMap<string, string>,
  work: () => Promise<number>,
): Promise<number> {
  if (values.size === 0) return work()
  const before = [...values.keys()].map(
    (name) => [name, shell.variables.get(name), shell.exported.has(name)] as const,
  )
  for (const [name, value] of values) {
    shell.set(name, value)
    shell.exported.add(name)
  }
  try {
    return await work()
  } finally {
    for (const [name, value, exported] of before) {
      if (value === undefined) shell.variables.delete(name)
      else shell.variables.set(name, value)
      if (!exported) shell.exported.delete(name)
    }
  }
}

async function callFunction(shell: Shell, body: Command, argv: readonly string[]): Promise<number> {
  const { positional, loopDepth } = shell
  shell.positional = argv.slice(1)
  shell.functionDepth += 1
  shell.loopDepth = 0
  shell.locals.push(new Map())
  try {
    return await runCommand(shell, body)
  } catch (error) {
    if (error instanceof ShellJump && error.kind === 'return') return error.value
    throw error
  } finally {
    for (const [name, value] of shell.locals.pop() ?? []) {
      if (value === undefined) shell.variables.delete(name)
      else shell.variables.set(name, value)
    }
    shell.positional = positional
    shell.functionDepth -= 1
    shell.loopDepth = loopDepth
  }
}

/** `$( )`: runs in a subshell, and its output becomes text. */
async function substitute(shell: Shell, script: Script): Promise<string> {
  const output = captureStream()
  const streams = new Map(shell.streams).set(1, output)
  shell.substitutionStatus = await inSubshell(shell, streams, (child) => runScript(child, script))
  noticeSignal(shell)
  return output.text()
}

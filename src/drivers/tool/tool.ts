import { findProgram } from '../../core/find-program.ts'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { endOf } from '../../core/end-of.ts'
import { HilError } from '../../core/errors.ts'
import { endProcessGroup } from '../../transports/process-group.ts'
import type { DriverContext } from '../../board/driver.ts'
import type { LocalToolOptions, ToolOptions } from './options.ts'
import { inputOf, whileFed, type ToolInput } from './feed.ts'
import { remoteShell } from './remote-shell.ts'

/** What a program said, and how it ended. */
export interface ToolOutcome {
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A program of others that drives a device. */
export interface Tool {
  /** As a person would call it: `uhubctl`, `uhubctl on lab1`. */
  readonly name: string
  /**
   * @returns what it printed, once it ended with status 0
   * @throws HilError `tool.failed`, `tool.timeout`, `tool.unreachable` (infrastructure),
   *   `tool.not-installed` (environment)
   */
  run(args: readonly string[], t: Deadline): Promise<string>
  /** The same, where other statuses say something too. @param input what it reads, @default nothing */
  try(args: readonly string[], t: Deadline, input?: ToolInput): Promise<ToolOutcome>
}

/**
 * @param source where the program is had from, such as "the package uhubctl"
 */
export function openTool(options: LocalToolOptions, source: string): Tool
export function openTool(options: ToolOptions, source: string, context: ToolContext): Tool
export function openTool(
  { program, ssh, timeout }: ToolOptions,
  source: string,
  context?: ToolContext,
): Tool {
  const host = typeof ssh === 'object' ? ssh.host : ssh
  const name = host === undefined ? program : `${program} on ${host}`
  const run = runnerOf({ program, ssh }, context)

  const attempt: Tool['try'] = async (args, t, input) => {
    t.throwIfOver()
    const command = [name, ...args].join(' ')
    using own = t.within(timeout, command)
    if (ssh === undefined && (await findProgram(program)) === undefined) throw notInstalled(name, source)
    try {
      const outcome = await run(args, own, input)
      if (outcome.exitCode === 127) throw notInstalled(name, source)
      if (typeof ssh === 'string' && outcome.exitCode === 255) throw unreachable(ssh, program, outcome)
      return outcome
    } catch (error) {
      throw isDeadlineExceeded(error) ? timedOut(command, error) : error
    }
  }
  return {
    name,
    try: attempt,
    async run(args, t) {
      const outcome = await attempt(args, t)
      if (outcome.exitCode !== 0) throw toolFailed([name, ...args].join(' '), outcome)
      return outcome.stdout
    },
  }
}

/** What a program on another machine needs of the board it is for. */
export type ToolContext = Pick<DriverContext, 'secret' | 'undo'>

type RunProgram = (args: readonly string[], t: Deadline, input?: ToolInput) => Promise<ToolOutcome>

/** Here, over the user's own ssh with its configuration, or by a login that the environment describes. */
function runnerOf({ program, ssh }: Pick<ToolOptions, 'program' | 'ssh'>, context?: ToolContext): RunProgram {
  if (ssh === undefined) return (args, t, input) => runToEnd([program, ...args], t, input)
  const command = (args: readonly string[]) => [program, ...args].map(quoteWord).join(' ')
  if (typeof ssh === 'string') return (args, t, input) => runToEnd([...sshTo(ssh), command(args)], t, input)
  if (context === undefined) throw new RangeError(`${program} on ${ssh.host} was opened without a context`)
  const shell = remoteShell(ssh, context)
  return (args, t, input) => shell(command(args), t, input)
}

/** Whoever is asked for a password here would never be seen. */
function sshTo(host: string): readonly string[] {
  return ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', host, '--']
}

/** For the shell at the other end. */
export function quoteWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** In a process group of its own, so that Ctrl-C at our terminal does not stop it half-way, and all of it ends in time. */
async function runToEnd(
  [file = '', ...args]: readonly string[],
  t: Deadline,
  input?: ToolInput,
): Promise<ToolOutcome> {
  const { execa } = await import('execa')
  t.throwIfOver()
  const child = execa(file, args, {
    ...{ stdin: input === undefined ? 'ignore' : 'pipe', reject: false, detached: true, maxBuffer: 1 << 20 },
    // What a program says is read, so it has to say it in one language.
    env: { LC_ALL: 'C' },
  })
  const { pid } = child
  try {
    const { stdin } = child
    const ended = input === undefined || stdin === null ? child : whileFed(child, inputOf(stdin), input)
    const { exitCode, stdout, stderr } = await t.race(ended)
    return { exitCode, stdout, stderr }
  } catch (error) {
    if (pid !== undefined) await endProcessGroup(pid, child)
    throw error
  }
}

export function toolFailed(command: string, { exitCode, stdout, stderr }: ToolOutcome): HilError {
  const how = exitCode === undefined ? 'a signal' : `exit code ${exitCode}`
  const said = endOf(stderr) || endOf(stdout) || 'it said nothing'
  return new HilError('tool.failed', `"${command}" failed (${how}): ${said}`, {
    blame: 'infrastructure',
    details: { command, exitCode, stdout: endOf(stdout), stderr: endOf(stderr) },
  })
}

function notInstalled(name: string, source: string): HilError {
  return new HilError('tool.not-installed', `${name} is not installed; ${source} has it`, {
    blame: 'environment',
    details: { program: name },
  })
}

function unreachable(host: string, program: string, { stderr }: ToolOutcome): HilError {
  return new HilError(
    'tool.unreachable',
    `${host}, where ${program} is to run, can't be reached by ssh: ${endOf(stderr)}`,
    {
      blame: 'infrastructure',
      details: { host, stderr: endOf(stderr) },
    },
  )
}

function timedOut(command: string, cause: HilError): HilError {
  return new HilError('tool.timeout', `"${command}" did not end: ${cause.message}`, {
    blame: 'infrastructure',
    details: { ...cause.details, command },
    cause,
  })
}

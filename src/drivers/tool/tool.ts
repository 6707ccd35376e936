import { findProgram } from '../../core/find-program.ts'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { endProcessGroup } from '../../transports/process-group.ts'
import type { ToolOptions } from './options.ts'

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
  /** The same, where other statuses say something too. */
  try(args: readonly string[], t: Deadline): Promise<ToolOutcome>
}

/**
 * @param source where the program is had from, such as "the package uhubctl"
 */
export function openTool({ program, ssh, timeout }: ToolOptions, source: string): Tool {
  const name = ssh === undefined ? program : `${program} on ${ssh}`
  const argvOf = (args: readonly string[]) =>
    ssh === undefined ? [program, ...args] : [...sshTo(ssh), [program, ...args].map(quote).join(' ')]

  const attempt = async (args: readonly string[], t: Deadline): Promise<ToolOutcome> => {
    t.throwIfOver()
    const command = [name, ...args].join(' ')
    using own = t.within(timeout, command)
    if (ssh === undefined && (await findProgram(program)) === undefined) throw notInstalled(name, source)
    try {
      const outcome = await runToEnd(argvOf(args), own)
      if (outcome.exitCode === 127) throw notInstalled(name, source)
      if (ssh !== undefined && outcome.exitCode === 255) throw unreachable(ssh, program, outcome)
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

/** Whoever is asked for a password here would never be seen. */
function sshTo(host: string): readonly string[] {
  return ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', host, '--']
}

/** For the shell at the other end. */
function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** In a process group of its own, so that Ctrl-C at our terminal does not stop it half-way, and all of it ends in time. */
async function runToEnd([file = '', ...args]: readonly string[], t: Deadline): Promise<ToolOutcome> {
  const { execa } = await import('execa')
  t.throwIfOver()
  const child = execa(file, args, {
    ...{ stdin: 'ignore', reject: false, detached: true, maxBuffer: 1 << 20 },
    // What a program says is read, so it has to say it in one language.
    env: { LC_ALL: 'C' },
  })
  const { pid } = child
  try {
    const { exitCode, stdout, stderr } = await t.race(child)
    return { exitCode, stdout, stderr }
  } catch (error) {
    if (pid !== undefined) await endProcessGroup(pid, child)
    throw error
  }
}

export function toolFailed(command: string, { exitCode, stdout, stderr }: ToolOutcome): HilError {
  const how = exitCode === undefined ? 'a signal' : `exit code ${exitCode}`
  const said = stderr.trim() || stdout.trim() || 'it said nothing'
  return new HilError('tool.failed', `"${command}" failed (${how}): ${said}`, {
    blame: 'infrastructure',
    details: { command, exitCode, stdout, stderr },
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
    `${host}, where ${program} is to run, can't be reached by ssh: ${stderr.trim()}`,
    {
      blame: 'infrastructure',
      details: { host, stderr },
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

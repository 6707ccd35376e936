import { execa } from 'execa'
import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { endProcessGroup } from '../../transports/process-group.ts'
import { argvOf, commandText, type Command } from '../command-options.ts'

export interface CommandSettings {
  readonly variables: Readonly<Record<string, string>>
  readonly directory: string | undefined
  readonly timeoutMs: number
  readonly temporaryDirectory: string
}

export interface CommandOutcome {
  /** `undefined` when a signal ended the command. */
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command of the user's that has to do with power. It has a process group of its own, so that
 * Ctrl-C at our terminal does not stop it half-way, and so that all of it is ended when time is up.
 *
 * @throws HilError `power.timeout` (infrastructure), `power.no-program` (environment)
 */
export async function runPowerCommand(
  command: Command,
  settings: CommandSettings,
  t: Deadline,
): Promise<CommandOutcome> {
  t.throwIfOver()
  using own = t.within(settings.timeoutMs, `the power command "${commandText(command)}"`)
  const output = join(settings.temporaryDirectory, `power-${randomUUID()}`)
  try {
    const end = await runToEnd(command, settings, output, own)
    return { ...end, ...(await readOutput(output)) }
  } catch (error) {
    throw isDeadlineExceeded(error) ? timedOut(command, error, (await readOutput(output)).stderr) : error
  } finally {
    await Promise.all(outputFiles(output).map((path) => rm(path, { force: true })))
  }
}

/** Into files and not into pipes: a command may leave something running (gpioset does) that keeps a pipe open. */
const intoFiles = 'exec "$@" >"$0.stdout" 2>"$0.stderr"'

function outputFiles(output: string): readonly [stdout: string, stderr: string] {
  return [`${output}.stdout`, `${output}.stderr`]
}

async function runToEnd(
  command: Command,
  { variables, directory }: CommandSettings,
  output: string,
  t: Deadline,
): Promise<Pick<CommandOutcome, 'exitCode' | 'signal'>> {
  const child = execa('/bin/sh', ['-c', intoFiles, output, ...argvOf(command)], {
    stdio: 'ignore',
    reject: false,
    detached: true,
    env: variables,
    ...(directory === undefined ? {} : { cwd: directory }),
  })
  const { pid } = child
  if (pid === undefined) throw notStarted(command, directory, (await child).cause)
  try {
    const { exitCode, signal } = await t.race(child)
    return { exitCode, signal }
  } catch (error) {
    await endProcessGroup(pid, child)
    throw error
  }
}

/** Nobody reads more of a message than this. */
const keptOutput = 64 * 1024

async function readOutput(output: string): Promise<Pick<CommandOutcome, 'stdout' | 'stderr'>> {
  const [stdout = '', stderr = ''] = await Promise.all(outputFiles(output).map(readStart))
  return { stdout, stderr }
}

async function readStart(path: string): Promise<string> {
  await using file = await open(path).catch(() => undefined)
  if (file === undefined) return ''
  const { buffer, bytesRead } = await file.read(Buffer.alloc(keptOutput), 0, keptOutput, 0)
  return buffer.toString('utf8', 0, bytesRead).trim()
}

/** The error for a command that did not do what it should. A shell says 126 or 127 when there is no such program. */
export function commandFailed(command: Command, outcome: CommandOutcome): HilError {
  const { exitCode, signal, stderr, stdout } = outcome
  const isMissing = exitCode === 126 || exitCode === 127
  const how = signal ?? `exit code ${exitCode}`
  const said = stderr || stdout || 'it said nothing'
  return new HilError(
    isMissing ? 'power.no-program' : 'power.command-failed',
    `the power command "${commandText(command)}" failed (${how}): ${said}`,
    { blame: isMissing ? 'environment' : 'infrastructure', details: { command, ...outcome } },
  )
}

function notStarted(command: Command, directory = '.', cause: unknown): HilError {
  return new HilError(
    'power.no-program',
    `the power command "${commandText(command)}" could not be started in ${directory}: ${reasonOf(cause)}`,
    { blame: 'environment', details: { command, directory }, cause },
  )
}

function timedOut(command: Command, cause: HilError, stderr: string): HilError {
  const said = stderr === '' ? '' : `; its stderr: ${stderr}`
  return new HilError('power.timeout', `${cause.message}${said}`, {
    blame: 'infrastructure',
    details: { ...cause.details, command, stderr },
    cause,
  })
}

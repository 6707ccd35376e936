import { execa } from 'execa'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'
import { findProgram } from '../core/find-program.ts'
import { reasonOf } from '../core/reason-of.ts'
import { dieWithParent } from './die-with-parent.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { guardGroup } from './group-guard.ts'
import { endProcessGroup } from './process-group.ts'
import { LastWords, programEnded } from './program-end.ts'
import { createPtyGate, onPty, type PtyGate, type TerminalMode } from './pty.ts'

export interface ProcessOptions {
  /** Program and arguments. */
  readonly argv: readonly string[]
  readonly directory?: string | undefined
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Runs the program on a pseudo-terminal. @default pipes */
  readonly terminal?: TerminalMode | undefined
}

/** A program that talks to the console on its stdin and stdout, e.g. `ssh lab picocom /dev/ttyUSB0`. */
export function openProcess(options: ProcessOptions): OpenTransport {
  return (reader) => startProcess(options, reader)
}

async function startProcess(
  { argv, directory, environment = {}, terminal }: ProcessOptions,
  reader: TransportReader,
): Promise<Transport> {
  const description = `the process "${argv.join(' ')}"`
  await requireProgram(argv[0] ?? '', directory, environment['PATH'])
  const [file, ...args] = await dieWithParent(terminal === undefined ? argv : await onPty(argv, terminal))
  const child = execa(file, args, {
    stdio: 'pipe',
    buffer: false,
    encoding: 'buffer',
    reject: false,
    // A group of its own: Ctrl-C at our terminal is for us, and all of the group is ended together.
    detached: true,
    env: environment,
    ...(directory === undefined ? {} : { cwd: directory }),
  })
  const { pid } = child
  if (pid === undefined) throw notStarted(description, directory, (await child).cause)

  const guard = guardGroup(pid)
  const lastWords = new LastWords()
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    lastWords.take(chunk)
  })
  let hasEnded = false
  const ended = child.then(({ exitCode, signal }) => {
    hasEnded = true
    guard[Symbol.dispose]()
    return programEnded(description, { exitCode, signal, stderr: lastWords.text })
  })
  const transport = new GuardedTransport(description, reader, {
    write: (bytes) => write(child.stdin, bytes),
    async release() {
      if (!hasEnded) await endProcessGroup(pid, ended, terminal === undefined ? 'SIGTERM' : 'SIGKILL')
    },
  })
  const gate = terminal === undefined ? undefined : createPtyGate((bytes) => transport.receive(bytes))
  child.stdout.on('data', (bytes: Uint8Array) => {
    if (gate === undefined) transport.receive(bytes)
    else gate.receive(bytes)
  })
  if (gate !== undefined) await untilOpened(gate, ended)
  void ended.then((error) => {
    transport.lose(error)
  })
  return transport
}

/** Asked first, because the shell in front of the program would only say 127. */
async function requireProgram(name: string, directory = '.', searchPath?: string): Promise<void> {
  const place = name.includes('/') ? resolve(directory, name) : name
  if ((await findProgram(place, searchPath)) !== undefined) return
  const where = name.includes('/') ? 'is no program that can be run' : 'is not in PATH'
  throw new HilError('transport.no-program', `the console process can't be started: ${place} ${where}`, {
    blame: 'environment',
    details: { program: name },
  })
}

async function untilOpened(gate: PtyGate, ended: Promise<HilError>): Promise<void> {
  const end = await Promise.race([gate.opened, ended])
  if (end === undefined) return
  throw new HilError('transport.no-pty', `${end.message}; its terminal could not be set up: ${gate.seen()}`, {
    blame: 'infrastructure',
    cause: end,
  })
}

function write(stdin: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((onWritten, reject) => {
    stdin.write(bytes, (error) => {
      if (error) reject(error)
      else onWritten()
    })
  })
}

function notStarted(description: string, directory = '.', cause: unknown): HilError {
  return new HilError(
    'transport.not-started',
    `${description} did not start in ${directory}: ${reasonOf(cause)}`,
    { blame: 'environment', details: { directory }, cause },
  )
}

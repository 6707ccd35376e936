import { StringDecoder } from 'node:string_decoder'
import type { SshCommand, SshResult, SshRunOptions } from '../../../board/ssh.ts'
import { now } from '../../../core/clock.ts'
import { formatChain, isDeadlineExceeded, startDeadline, type Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { SshConnection } from '../../../transports/ssh/connection.ts'
import { startRemote, type RemoteProcess } from '../../../transports/ssh/remote-process.ts'
import { quoteCommand } from '../../framing/command-errors.ts'
import { withOptions } from '../../shell/linux/with-options.ts'
import { PidLine } from './pid-line.ts'

/** How long a command that was told to end may take, and then one that was killed, in milliseconds. */
const endMs = 1000

/** More than this is no output to look at: it would fill the memory of all boards' runs. In characters. */
const maximumOutput = 64 << 20

/** Starts a command in a shell of its own, and ends it when `t` is over. */
export async function startCommand(
  connection: SshConnection,
  command: string,
  options: Omit<SshRunOptions, 'input'>,
  t: Deadline,
): Promise<SshCommand> {
  const startedAt = now()
  const pid = new PidLine()
  const outputs = { stdout: new Output(), stderr: new Output() }
  let tooMuch: (error: HilError) => void = () => undefined
  const overflow = new Promise<never>((_resolve, reject) => (tooMuch = reject))
  const take = (stream: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    const text = outputs[stream].take(stream === 'stderr' ? pid.take(bytes) : bytes)
    if (text !== '') options.onOutput?.({ stream, text })
    if (outputs[stream].length > maximumOutput) tooMuch(tooLarge(command))
  }
  const streams = { stdout: take('stdout'), stderr: take('stderr') }
  const process = await startRemote(
    connection,
    `${pid.command}\n${withOptions(command, options)}`,
    streams,
    t,
  )
  const kill = (name: string, deadline: Deadline) => signalGroup(connection, pid.value, name, deadline)
  const ended = async (): Promise<SshResult> => {
    try {
      const { exitCode, signal } = await t.race(Promise.race([process.ended, overflow]))
      return {
        ...{ command, exitCode, ...(signal === undefined ? {} : { signal }) },
        ...{ stdout: outputs.stdout.end(), stderr: outputs.stderr.end() },
        ...{ kernelLines: [], durationMs: now() - startedAt },
      }
    } catch (error) {
      const isOver = t.signal.aborted || (error instanceof HilError && error.code === tooLargeCode)
      if (!isOver) throw error
      const isEnded = await endProcess(process, kill)
      if (!isDeadlineExceeded(error)) throw error
      throw timedOut({ name: connection.name, command, t, isEnded, seen: outputs.stdout.end().slice(-500) })
    }
  }
  const result = ended()
  // Who only starts it may not wait for its end.
  result.catch(() => undefined)
  return {
    ended: result,
    signal: kill,
    write: (data) => process.write(typeof data === 'string' ? Buffer.from(data) : data),
    endInput: () => {
      process.endInput()
    },
  }
}

/** Politely, then not. @returns whether it is gone */
async function endProcess(
  process: RemoteProcess,
  kill: (name: string, t: Deadline) => Promise<void>,
): Promise<boolean> {
  try {
    for (const name of ['SIGTERM', 'SIGKILL']) {
      using t = startDeadline(endMs, 'the end of a command')
      try {
        await kill(name, t)
        await t.race(process.ended)
        return true
      } catch {
        if (!t.signal.aborted) return false
      }
    }
    return false
  } finally {
    process.close()
  }
}

/**
 * sshd and dropbear start a command in a process group of its own. sshd passes no signals on for root, so they
 * are sent by another command.
 */
async function signalGroup(
  connection: SshConnection,
  pid: number | undefined,
  name: string,
  t: Deadline,
): Promise<void> {
  const signal = /^(?:SIG)?([A-Z0-9]{2,10})$/.exec(name)?.[1]
  if (signal === undefined) {
    throw new HilError('ssh.signal', `${JSON.stringify(name)} is no signal; write "SIGTERM"`, {
      blame: 'test',
      details: { signal: name },
    })
  }
  if (pid === undefined) return
  const ignore = () => undefined
  const kill = `kill -${signal} -${pid} 2>/dev/null||kill -${signal} ${pid}`
  const process = await startRemote(connection, kill, { stdout: ignore, stderr: ignore, isUrgent: true }, t)
  await t.race(process.ended)
}

/** Text as it comes: a character that was cut waits for its rest. */
class Output {
  readonly #decoder = new StringDecoder('utf8')
  readonly #pieces: string[] = []
  length = 0

  take(bytes: Uint8Array): string {
    return this.#keep(this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)))
  }

  end(): string {
    this.#keep(this.#decoder.end())
    return this.#pieces.join('')
  }

  #keep(text: string): string {
    this.#pieces.push(text)
    this.length += text.length
    return text
  }
}

const tooLargeCode = 'command.output-too-large'

function tooLarge(command: string): HilError {
  return new HilError(
    tooLargeCode,
    `${quoteCommand(command)} printed more than ${maximumOutput >> 20} MiB and was ended: write it to a file and get that`,
    { blame: 'test', details: { command } },
  )
}

interface TimedOut {
  readonly name: string
  readonly command: string
  readonly t: Deadline
  readonly isEnded: boolean
  readonly seen: string
}

function timedOut({ name, command, t, isEnded, seen }: TimedOut): HilError {
  const after = isEnded ? 'it was ended' : 'it could not be ended, and may still run'
  return new HilError(
    'command.timeout',
    `${quoteCommand(command)} did not end in time over SSH at ${name} (${formatChain(t.chain())}); ${after}`,
    // The session is there in any case: other commands can be run.
    { blame: 'board', details: { command, recovered: true, isEnded, chain: t.chain(), seen } },
  )
}

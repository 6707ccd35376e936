import { randomBytes } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { startDeadline, type Deadline } from '../core/deadline.ts'
import { quoteWord } from '../core/quote-word.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { LastWords, programEnded } from './program-end.ts'
import { SshConnection } from './ssh/connection.ts'
import { startRemote, type RemoteProcess } from './ssh/remote-process.ts'
import type { SshTarget } from './ssh/target.ts'

export interface SshCommandOptions {
  readonly target: SshTarget
  /** For `/bin/sh` there. */
  readonly command: string
  /** Whether the program has a terminal; what it says on stderr is then on the console, too. */
  readonly onTerminal: boolean
  readonly connectTimeoutMs: number
}

/** Time for the program to end by itself when its input has ended, and to be ended then, in milliseconds. */
const endMs = { byItself: 1000, ended: 3000 } as const

/** A program on another machine that has the UART there and talks to us: `socat - /dev/ttyUSB0,raw`, microcom. */
export function openSshCommand(options: SshCommandOptions): OpenTransport {
  const remains = new Remains()
  return async (reader, opening) => {
    using t = startDeadline(options.connectTimeoutMs, `the console by SSH from ${options.target.host}`, {
      ...(opening === undefined ? {} : { signal: opening.signal }),
    })
    // One of its own: what becomes of others there can't hold the console back.
    const connection = new SshConnection(options.target, { reconnects: false })
    try {
      return await startCommand(connection, options, remains, reader, t)
    } catch (error) {
      await connection.close()
      throw error
    }
  }
}

async function startCommand(
  connection: SshConnection,
  { command, onTerminal }: SshCommandOptions,
  remains: Remains,
  reader: TransportReader,
  t: Deadline,
): Promise<Transport> {
  const description = `the command ${JSON.stringify(command)} at ${connection.name}`
  const lastWords = new LastWords()
  const decoder = new StringDecoder('utf8')
  const transport = new GuardedTransport(description, reader, {
    write: (bytes) => running.write(bytes),
    release: () => endRemote(running, connection, remains, onTerminal),
  })
  const streams = {
    stdout: (bytes: Uint8Array) => {
      transport.receive(bytes)
    },
    stderr: (bytes: Uint8Array) => {
      lastWords.take(decoder.write(Buffer.from(bytes)))
    },
  }
  const running = await startRemote(connection, remains.start(command), { ...streams, onTerminal }, t)
  running.ended.then(
    ({ exitCode, signal }) => {
      remains.areThere = false
      transport.lose(programEnded(description, { exitCode, signal, stderr: lastWords.text }))
    },
    (error: unknown) => {
      transport.lose(error as Error)
    },
  )
  return transport
}

/** The port is free for the next one when this resolves, unless the machine is not reached any more. */
async function endRemote(
  running: RemoteProcess,
  connection: SshConnection,
  remains: Remains,
  onTerminal: boolean,
): Promise<void> {
  // A raw terminal has no end of input; its own end is told by a hang-up.
  if (onTerminal) running.close()
  else running.endInput()
  if (connection.isOpen) {
    await within(endMs.byItself, (t) => t.race(running.ended))
    if (remains.areThere) await within(endMs.ended, (t) => remains.end(connection, t))
  }
  await connection.close()
}

async function within(ms: number, work: (t: Deadline) => Promise<unknown>): Promise<void> {
  using t = startDeadline(ms, 'the end of a console by SSH')
  await work(t).catch(() => undefined)
}

/**
 * What may still run there. A machine that has not noticed that we are gone has the program still hold the port,
 * or take half of the bytes from the next one.
 */
class Remains {
  areThere = false
  /** By this in its environment a process is known for ours, on machines with /proc. */
  readonly #mark = `HIL_CONSOLE=${randomBytes(8).toString('hex')}`

  /** For whatever shell the user has there. */
  start(command: string): string {
    const start = `exec env ${this.#mark} /bin/sh -c ${quoteWord(command)}`
    const all = this.areThere ? `${this.#endAll}; ${start}` : start
    this.areThere = true
    return `exec /bin/sh -c ${quoteWord(all)}`
  }

  async end(connection: SshConnection, t: Deadline): Promise<void> {
    const ignore = () => undefined
    const streams = { stdout: ignore, stderr: ignore, isUrgent: true }
    const ending = await startRemote(connection, `exec /bin/sh -c ${quoteWord(this.#endAll)}`, streams, t)
    await t.race(ending.ended)
    this.areThere = false
  }

  /** Politely, and after a second not; until they are gone, for a port is free only then. */
  get #endAll(): string {
    const ours = `grep -lsz '^${this.#mark}$' /proc/[0-9]*/environ`
    const kill = (signal: string) => `for p in $(${ours}); do p=\${p#/proc/}; kill -${signal} \${p%%/*}; done`
    return `for s in TERM 0 0 0 0 0 0 0 0 0 KILL 0; do ${kill('$s')}; [ -n "$p" ] || break; p=; sleep 0.1; done 2>/dev/null`
  }
}

import { userInfo } from 'node:os'
import type { Channel, Client, ClientChannel, SFTPWrapper } from 'ssh2'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import { connectSsh } from './connect.ts'
import { rawTerminal } from './raw-terminal.ts'
import { Slots } from '../../core/slots.ts'
import { describeTarget, type SshTarget } from './target.ts'

/** Time for a login by itself, in milliseconds; who needs it may have less. */
const connectMs = 30_000

/** Sessions at the same time: sshd allows ten on a connection (sshd_config(5), MaxSessions). */
const maximumSessions = 8

/** Something that runs on a connection: a command, or file transfer. */
export interface Session<T> {
  readonly channel: T
  /** Gives its place to another; to be called when the channel is closed. */
  readonly release: () => void
}

export interface SshConnectionOptions {
  /** Whether it is made again after it was lost; where what is done belongs to one boot of a board it is not. @default true */
  readonly reconnects?: boolean
}

interface CommandOptions {
  /** Run it on a terminal that passes every byte as it is. */
  readonly onTerminal: boolean
  readonly isUrgent: boolean
  /** At once: how a short command ended can come in the very packet that says it was started. */
  readonly onOpen: (channel: ClientChannel) => void
}

/**
 * One SSH connection for all that is done on a machine. It is made when it is first needed, and again after
 * it was lost; what ran on it then fails with `ssh.lost`.
 */
export class SshConnection {
  /** For messages. */
  readonly name: string
  readonly #target: SshTarget
  readonly #slots = new Slots(maximumSessions)
  readonly #onLost = new Set<() => void>()
  readonly #reconnects: boolean
  #client: Promise<Client> | undefined
  #connecting: AbortController | undefined
  #sftp: Promise<SFTPWrapper> | undefined
  #isOpen = false
  #wasOpen = false

  constructor(target: SshTarget, { reconnects = true }: SshConnectionOptions = {}) {
    this.#target = target
    this.#reconnects = reconnects
    this.name = describeTarget(target, target.user ?? userInfo().username)
  }

  /** Whether there is a connection now, as far as is known. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Calls `listener` whenever the connection is gone, also when we close it. */
  onLost(listener: () => void): Disposable {
    this.#onLost.add(listener)
    return { [Symbol.dispose]: () => this.#onLost.delete(listener) }
  }

  /** A command on a channel of its own, with a terminal where one is asked for. */
  async openCommand(
    command: string,
    { onTerminal, isUrgent, onOpen }: CommandOptions,
    t: Deadline,
  ): Promise<Session<ClientChannel>> {
    const open: Open<ClientChannel> = (client, done) =>
      client.exec(command, onTerminal ? { pty: rawTerminal } : {}, (error, channel) => {
        if (error === undefined) onOpen(channel)
        done(error, channel)
      })
    if (!isUrgent) return this.#openSession(open, t)
    // Most servers allow a few more than we use.
    const client = await this.client(t)
    return {
      channel: await t.race(call<ClientChannel>((done) => open(client, done))),
      release: () => undefined,
    }
  }

  /**
   * File transfer, on one channel for all files: dropbear's server does not survive the end of one (2022.83).
   * @throws HilError `ssh.no-channel` (infrastructure), also where the server has no SFTP
   */
  async sftp(t: Deadline): Promise<SFTPWrapper> {
    this.#sftp ??= this.#openSftp()
    return t.race(this.#sftp)
  }

  /** A connection that the machine makes for us, to itself or to where it can reach. */
  async openTcp(host: string, port: number, t: Deadline): Promise<Channel> {
    const client = await this.client(t)
    const opened = call<ClientChannel>((done) => {
      client.forwardOut('127.0.0.1', 0, host, port, done)
    })
    try {
      return await t.race(opened)
    } catch (cause) {
      t.throwIfOver()
      throw this.#error('ssh.no-channel', `does not reach ${host} port ${port} for us`, cause)
    }
  }

  /** The connection, made if there is none. */
  async client(t: Deadline): Promise<Client> {
    if (this.#client === undefined && this.#wasOpen && !this.#reconnects) {
      throw this.#error('ssh.lost', 'is not there any more', new Error('the connection was lost'))
    }
    this.#client ??= this.#connect()
    return t.race(this.#client)
  }

  /** Ends the connection and all that runs on it, or the attempt to make it. A later call connects again. */
  async close(): Promise<void> {
    this.#connecting?.abort(this.#error('ssh.closed', 'is not wanted any more', 'it was closed'))
    const client = await this.#client?.catch(() => undefined)
    if (client === undefined || !this.#isOpen) return
    const closed = new Promise<void>((resolve) => client.once('close', resolve))
    client.destroy()
    await closed
  }

  /** Who waits for it may give up before it is there, and others still get it. */
  async #connect(): Promise<Client> {
    const connecting = new AbortController()
    this.#connecting = connecting
    using t = startDeadline(connectMs, `logging in to ${this.name}`, connecting)
    try {
      const client = await connectSsh(this.#target, t)
      this.#isOpen = true
      this.#wasOpen = true
      client.once('close', () => {
        this.#isOpen = false
        this.#client = undefined
        this.#sftp = undefined
        for (const listener of this.#onLost) listener()
      })
      return client
    } catch (error) {
      this.#client = undefined
      throw error
    } finally {
      this.#connecting = undefined
    }
  }

  /** Who asked first may give up before it is there, and others still get it. */
  async #openSftp(): Promise<SFTPWrapper> {
    using t = startDeadline(connectMs, `file transfer with ${this.name}`)
    const open: Open<SFTPWrapper> = (client, done) => client.sftp(done)
    const begin = async () => {
      try {
        return await this.#openSession(open, t)
      } catch (error) {
        // An idle connection shows that it was lost when it is used; a command may have been started by then.
        if (!(error instanceof HilError) || error.code !== 'ssh.lost' || !this.#reconnects) throw error
        return this.#openSession(open, t)
      }
    }
    try {
      const { channel, release } = await begin()
      channel.once('close', () => {
        release()
        this.#sftp = undefined
      })
      return channel
    } catch (error) {
      this.#sftp = undefined
      throw error
    }
  }

  async #openSession<T>(open: Open<T>, t: Deadline): Promise<Session<T>> {
    for (;;) {
      const release = await this.#slots.take(t)
      try {
        const client = await this.client(t)
        return { channel: await t.race(call<T>((done) => open(client, done))), release }
      } catch (cause) {
        release()
        t.throwIfOver()
        if (cause instanceof HilError) throw cause
        // It allows fewer at the same time than most: wait for one of those that run.
        if (this.#slots.taken === 0 || !isRefusal(cause)) {
          throw this.#error(this.#isOpen ? 'ssh.no-channel' : 'ssh.lost', 'opened no channel', cause)
        }
        this.#slots.lose()
      }
    }
  }

  #error(code: string, what: string, cause: unknown): HilError {
    return new HilError(code, `${this.name} ${what}: ${messageOf(cause)}`, {
      blame: 'infrastructure',
      details: { target: this.name },
      cause,
    })
  }
}

type Done<T> = (error: Error | undefined, value: T) => void
type Open<T> = (client: Client, done: Done<T>) => unknown

function call<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === undefined || error === null) resolve(value)
      else reject(error)
    })
  })
}

/** The reason of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254, 5.1), as ssh2 gives it. */
function isRefusal(error: unknown): boolean {
  return (error as { readonly reason?: unknown }).reason !== undefined
}

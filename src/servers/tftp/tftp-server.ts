import type { RemoteInfo, Socket } from 'node:dgram'
import type { FileFetch } from '../../core/file-fetch.ts'
import type { ServedFile, ServerAddress } from '../../board/boot-plan.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { bindError } from './bind-error.ts'
import type { RequestRefused, TftpEvent } from './events.ts'
import { FetchSession } from './fetch-session.ts'
import { negotiate } from './negotiate.ts'
import { decodePacket, encodePacket, errorCodes, type TftpRequest } from './packet.ts'
import { PublishedFile } from './published-file.ts'
import { defaultTiming, type TftpTiming } from './retransmission-timer.ts'
import { SharedFile } from './shared-file.ts'
import { openTransferPort } from './transfer-port.ts'
import { closeSocket, openUdpSocket, type Peer } from './udp-socket.ts'

export interface TftpServerOptions {
  /** Numeric address of the interface to listen on. @default '0.0.0.0' */
  readonly host?: string
  /** 0 for any that is free. @default 69 */
  readonly port?: number
  readonly timing?: TftpTiming
  /** The server's log. Must not throw. */
  readonly onEvent?: (event: TftpEvent) => void
}

/**
 * Starts a read-only TFTP server (RFC 1350, 2347, 2348, 2349, 7440). It serves what is published, by
 * the name it is published under; no request ever names a file of this machine.
 *
 * @throws HilError `tftp.port-not-allowed`, `tftp.port-in-use`, `tftp.no-such-address`,
 *   `tftp.not-listening` (environment)
 */
export async function startTftpServer(options: TftpServerOptions = {}): Promise<TftpServer> {
  const { host = '0.0.0.0', port = 69, timing = defaultTiming, onEvent = () => undefined } = options
  try {
    return new TftpServer(await openUdpSocket(host, port), { host, timing, onEvent })
  } catch (error) {
    throw bindError(host, port, error)
  }
}

/** How many fetches are remembered of one name. */
const rememberedFetches = 1000

export class TftpServer {
  /** Where it listens. */
  readonly address: ServerAddress
  readonly #socket: Socket
  readonly #settings: Required<Omit<TftpServerOptions, 'port'>>
  readonly #files = new Map<string, SharedFile>()
  readonly #fetches = new Map<string, FileFetch[]>()
  readonly #requests = new Map<string, number>()
  readonly #sessions = new Map<string, FetchSession | 'starting'>()
  /** What is being answered, each with the name that was asked for. */
  readonly #answers = new Map<Promise<void>, string>()
  #isClosed = false

  constructor(socket: Socket, settings: Required<Omit<TftpServerOptions, 'port'>>) {
    this.#socket = socket
    this.#settings = settings
    this.address = { host: settings.host, port: socket.address().port }
    socket.on('message', (bytes, from) => {
      this.#receive(bytes, from)
    })
    // Nobody can be told that an answer could not be sent; the client asks again.
    socket.on('error', () => undefined)
  }

  /**
   * Serves a file from now on, instead of what had this name. Fetches under way go on with what they began.
   * @throws HilError `files.unreadable` (environment), `tftp.file-changed` (payload)
   */
  async publish(name: string, path: string, t: Deadline): Promise<ServedFile> {
    try {
      const file = await PublishedFile.publish(path, t.signal)
      t.throwIfOver()
      this.#files.set(name, new SharedFile(file))
      return { name, ...file.digest }
    } catch (cause) {
      t.throwIfOver()
      if (cause instanceof HilError) throw cause
      throw new HilError('files.unreadable', `${path} can't be served as "${name}": ${reasonOf(cause)}`, {
        blame: 'environment',
        details: { name, path },
        cause,
      })
    }
  }

  /** Takes a file out of the server. Fetches under way go on. */
  withdraw(name: string): void {
    this.#files.delete(name)
  }

  /** What was fetched under a name, oldest first. */
  fetches(name: string): readonly FileFetch[] {
    return [...(this.#fetches.get(name) ?? [])]
  }

  /** How often a name was asked for, whatever became of it. */
  requests(name: string): number {
    return this.#requests.get(name) ?? 0
  }

  /** Comes when no fetch of these names is under way any more. */
  async settled(names: readonly string[]): Promise<void> {
    await Promise.all([...this.#answers].flatMap(([answer, name]) => (names.includes(name) ? [answer] : [])))
  }

  /**
   * Says that the client of all fetches of these names has gone on: those whose last acknowledgement was lost are over
   * now, as `unconfirmed`. Comes when they are.
   */
  async conclude(names: readonly string[]): Promise<void> {
    const of = (key: string) => names.some((name) => key.endsWith(` ${name}`))
    const concluded = [...this.#sessions].flatMap(([key, session]) =>
      session !== 'starting' && of(key) && session.conclude() ? [session.ended] : [],
    )
    await Promise.all(concluded)
  }

  /** Ends all fetches and frees the port. */
  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true
      await closeSocket(this.#socket)
    }
    for (const session of this.#sessions.values()) {
      if (session !== 'starting') stop(session)
    }
    await Promise.all(this.#answers.keys())
  }

  #receive(bytes: Buffer, from: RemoteInfo): void {
    const request = readRequest(bytes)
    if (request === undefined) return
    const client = { address: from.address, port: from.port }
    const name = request.name.replace(/^\/+/, '')
    const answer = this.#answer(request, client, name)
    this.#answers.set(answer, name)
    void answer.finally(() => this.#answers.delete(answer))
  }

  async #answer(request: TftpRequest, client: Peer, name: string): Promise<void> {
    const file = this.#files.get(name)
    if (file !== undefined) this.#requests.set(name, this.requests(name) + 1)
    if (request.type === 'write')
      return this.#refuse(request, client, 'read-only', 'this server takes no files')
    if (request.mode !== 'octet') {
      return this.#refuse(request, client, 'mode', `mode ${request.mode} is not served, only octet (binary)`)
    }
    if (file === undefined) return this.#refuse(request, client, 'not-found', `no such file: ${request.name}`)
    const key = `${client.address} ${client.port} ${name}`
    // The client did not hear our answer yet: the session sends it again by itself.
    const session = this.#sessions.get(key)
    if (session === 'starting' || session?.isAnswered === false) return
    this.#sessions.set(key, 'starting')
    try {
      await this.#serve(file, { request, client, name, key })
    } catch (error) {
      this.#sessions.delete(key)
      const changed = error instanceof HilError && error.code === 'tftp.file-changed'
      const toClient = changed ? 'the file changed since it was published' : 'the file cannot be read'
      return this.#refuse(request, client, changed ? 'file-changed' : 'unreadable', toClient, reasonOf(error))
    }
  }

  async #serve(
    file: SharedFile,
    { request, client, name, key }: { request: TftpRequest; client: Peer; name: string; key: string },
  ): Promise<void> {
    const { host, timing } = this.#settings
    const { size, sha256 } = file.published.digest
    const agreement = negotiate(request.options, size)
    const content = await file.acquire()
    try {
      const port = await openTransferPort(host, client)
      const session = new FetchSession({ port, content, size, agreement, timing })
      this.#sessions.set(key, session)
      if (this.#isClosed) stop(session)
      const result = await session.ended
      if (this.#sessions.get(key) === session) this.#sessions.delete(key)
      const options = Object.fromEntries(agreement.accepted)
      this.#record({ client: serverAddress(client), name, sha256, size, options, ...result })
    } finally {
      await file.release(content)
    }
  }

  #record(fetch: FileFetch): void {
    const fetches = this.#fetches.get(fetch.name) ?? []
    this.#fetches.set(fetch.name, fetches)
    fetches.push(fetch)
    if (fetches.length > rememberedFetches) fetches.shift()
    this.#settings.onEvent({ type: 'fetch-ended', ...fetch })
  }

  #refuse(
    { name }: TftpRequest,
    client: Peer,
    why: RequestRefused['why'],
    toClient: string,
    message = toClient,
  ): void {
    this.#settings.onEvent({ type: 'request-refused', client: serverAddress(client), name, why, message })
    if (this.#isClosed) return
    const packet = encodePacket({ type: 'error', code: wireCodes[why], message: toClient.slice(0, 200) })
    this.#socket.send(packet, client.port, client.address)
  }
}

const wireCodes: Readonly<Record<RequestRefused['why'], number>> = {
  'not-found': errorCodes.fileNotFound,
  'read-only': errorCodes.accessViolation,
  mode: errorCodes.illegalOperation,
  'file-changed': errorCodes.undefined,
  unreadable: errorCodes.undefined,
}

/** @returns `undefined` for everything that is no request: it belongs to no transfer */
function readRequest(bytes: Buffer): TftpRequest | undefined {
  try {
    const packet = decodePacket(bytes)
    return packet.type === 'read' || packet.type === 'write' ? packet : undefined
  } catch {
    return undefined
  }
}

function stop(session: FetchSession): void {
  session.stop('stopped', 'the server was stopped', 'the server stops')
}

function serverAddress({ address, port }: Peer): ServerAddress {
  return { host: address, port }
}

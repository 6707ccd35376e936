import type { Socket } from 'node:dgram'
import type { ServerAddress } from '../../board/boot-plan.ts'
import { decodePacket, encodePacket, errorCodes, type TftpPacket } from './packet.ts'
import { closeSocket, openUdpSocket, type Peer } from './udp-socket.ts'

/** What is asked of a server. */
export interface TftpReadRequest {
  /** With a numeric address. */
  readonly server: ServerAddress
  readonly name: string
  /** Bytes in a block. */
  readonly blockSize: number
  /** Blocks for one acknowledgement. */
  readonly windowSize: number
  /** Bytes after which the transfer is aborted; 0 only looks whether there is such a file. @default all */
  readonly limit?: number
}

/** What a client may want to show. */
export interface TftpReadProgress {
  /** Nothing came for a second: what was sent last was sent again. */
  resent(): void
  /**
   * A block came that belongs nowhere. One that came before is none: a server repeats it when this
   * process was too busy to answer, which tells nothing about the network.
   */
  stray(): void
}

/** How a read ended. */
export type TftpReadResult =
  | { readonly kind: 'read'; readonly bytes: Buffer; readonly size: number | undefined }
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  /** The server agreed to what was not asked for. */
  | { readonly kind: 'invalid' }
  /** `closed`: its host says that nobody is there; otherwise nothing came for 15 s. */
  | { readonly kind: 'unanswered'; readonly closed: boolean }

/** As barebox waits: fs/tftp.c, TFTP_RESEND_TIMEOUT and TFTP_TIMEOUT. */
const resendMs = 1000
const giveUpMs = 15_000
const lingerMs = 1000
const wrapsAround = 0x10000
/** What barebox asks the server to wait, in seconds. */
const serverTimeout = 5

/**
 * Reads a file, or its beginning, as barebox's client does (RFC 1350, 2347, 2348, 2349, 7440): it takes
 * a look with a transfer that it aborts, answers a window when all of it is there, and sends its request
 * or its last acknowledgement again after a second without progress.
 * @returns what drops the transfer without a word, as a power cut does
 */
export function readByTftp(
  request: TftpReadRequest,
  progress: TftpReadProgress,
  done: (result: TftpReadResult) => void,
): () => void {
  const read = new TftpRead(request, progress, done)
  return () => {
    read.drop()
  }
}

class TftpRead {
  readonly #request: TftpReadRequest
  readonly #progress: TftpReadProgress
  readonly #done: (result: TftpReadResult) => void
  readonly #sockets: Socket[] = []
  readonly #blocks: Uint8Array[] = []
  /** Blocks of this window that came before their turn. */
  readonly #early = new Map<number, Uint8Array>()
  #send: (packet: TftpPacket) => void = () => undefined
  #last: TftpPacket
  #agreed: { blockSize: number; windowSize: number; size: number | undefined } | undefined
  #received = 0
  #windowEnd = 0
  #bytes = 0
  #resend: NodeJS.Timeout | undefined
  #giveUp: NodeJS.Timeout | undefined
  #isOver = false

  constructor(request: TftpReadRequest, progress: TftpReadProgress, done: (result: TftpReadResult) => void) {
    this.#request = request
    this.#progress = progress
    this.#done = done
    this.#last = { type: 'read', name: request.name, mode: 'octet', options: optionsOf(request) }
    this.#start().catch(() => {
      // No way there, no address here: as silent as a network without the server.
      this.#end({ kind: 'unanswered', closed: true })
    })
  }

  drop(): void {
    this.#isOver = true
    clearInterval(this.#resend)
    clearTimeout(this.#giveUp)
    for (const socket of this.#sockets.splice(0)) void closeSocket(socket)
  }

  /**
   * Two sockets at one port. The one connected to the server's port learns when that is closed; the
   * other gets the answer, which comes from a port of the server's choice.
   */
  async #start(): Promise<void> {
    const { host, port } = this.#request.server
    const answers = await this.#open(0)
    const asking = await this.#open(answers.address().port)
    await this.#connect(asking, { address: host, port })
    this.#send = (packet) => {
      asking.send(encodePacket(packet))
    }
    const listen = (socket: Socket) => {
      socket.on('message', (bytes, from) => {
        this.#receive(bytes, socket === answers ? { socket, from } : undefined)
      })
    }
    listen(asking)
    listen(answers)
    this.#madeProgress()
    this.#say(this.#last)
  }

  async #open(port: number): Promise<Socket> {
    const socket = await openUdpSocket('0.0.0.0', port, { shared: true })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') this.#end({ kind: 'unanswered', closed: true })
    })
    if (this.#isOver) await closeSocket(socket)
    else this.#sockets.push(socket)
    return socket
  }

  #connect(socket: Socket, { address, port }: Peer): Promise<void> {
    return new Promise((resolve) => {
      socket.connect(port, address, resolve)
    })
  }

  #receive(bytes: Buffer, other: { readonly socket: Socket; readonly from: Peer } | undefined): void {
    if (this.#isOver) return
    const packet = tryDecode(bytes)
    if (packet === undefined) return
    if (packet.type === 'error') {
      this.#end({ kind: 'refused', code: packet.code, message: packet.message })
      return
    }
    const isFirst = this.#agreed === undefined
    if (isFirst && other !== undefined) this.#follow(other.socket, other.from)
    if (packet.type === 'options-ack' && isFirst) this.#agree(packet.options)
    if (packet.type !== 'data') return
    this.#agreed ??= { blockSize: 512, windowSize: 1, size: undefined }
    if (isFirst) this.#windowEnd = 1
    this.#take(packet.block, packet.payload)
  }

  /** From its first answer on the server is at that port, and the socket that asked has done its part. */
  #follow(socket: Socket, { address, port }: Peer): void {
    for (const other of this.#sockets.splice(0)) {
      if (other === socket) this.#sockets.push(socket)
      else void closeSocket(other)
    }
    this.#send = (packet) => {
      socket.send(encodePacket(packet), port, address)
    }
    void this.#connect(socket, { address, port }).then(() => {
      this.#send = (packet) => {
        if (!this.#isOver) socket.send(encodePacket(packet))
      }
    })
  }

  #agree(options: ReadonlyMap<string, string>): void {
    const number = (name: string) => {
      const text = options.get(name)
      return text === undefined ? undefined : Number.parseInt(text, 10) || 0
    }
    const { blockSize: largest, windowSize: widest } = this.#request
    const blockSize = number('blksize') ?? 512
    const windowSize = number('windowsize') ?? 1
    const isValid =
      blockSize > 0 && blockSize <= Math.max(largest, 512) && windowSize > 0 && windowSize <= widest
    if (!isValid) {
      this.#end({ kind: 'invalid' })
      return
    }
    this.#agreed = { blockSize, windowSize, size: number('tsize') }
    this.#acknowledge()
    if (this.#request.limit === 0) this.#abort()
  }

  #take(block: number, payload: Uint8Array): void {
    const ahead = (block - this.#received - 1) & 0xffff
    if (ahead > ((this.#windowEnd - this.#received - 1) & 0xffff)) {
      if (ahead < wrapsAround - (this.#agreed?.windowSize ?? 1)) this.#progress.stray()
      return
    }
    this.#early.set(block, Buffer.from(payload))
    const before = this.#received
    for (;;) {
      const next = (this.#received + 1) & 0xffff
      const data = this.#early.get(next)
      if (data === undefined) break
      this.#early.delete(next)
      this.#received = next
      this.#blocks.push(data)
      this.#bytes += data.length
      if (data.length < (this.#agreed?.blockSize ?? 512)) {
        this.#say({ type: 'ack', block: this.#received })
        this.#finish()
        return
      }
      if (this.#bytes >= (this.#request.limit ?? Infinity)) {
        this.#abort()
        return
      }
    }
    if (this.#received !== before) this.#madeProgress()
    if (this.#received === this.#windowEnd) this.#acknowledge()
  }

  #acknowledge(): void {
    this.#windowEnd = (this.#received + (this.#agreed?.windowSize ?? 1)) & 0xffff
    this.#say({ type: 'ack', block: this.#received })
  }

  /** Enough was seen. Servers must take that for a normal end. */
  #abort(): void {
    this.#say({ type: 'error', code: errorCodes.undefined, message: '' })
    this.#finish()
  }

  #finish(): void {
    const bytes = Buffer.concat(this.#blocks)
    this.#end({ kind: 'read', bytes: bytes.subarray(0, this.#request.limit), size: this.#agreed?.size })
  }

  #say(packet: TftpPacket): void {
    this.#last = packet
    this.#send(packet)
  }

  #madeProgress(): void {
    clearInterval(this.#resend)
    clearTimeout(this.#giveUp)
    this.#resend = setInterval(() => {
      this.#progress.resent()
      // Whoever was told may have had enough.
      if (!this.#isOver) this.#send(this.#last)
    }, resendMs)
    this.#giveUp = setTimeout(() => {
      this.#end({ kind: 'unanswered', closed: false })
    }, giveUpMs)
  }

  /** The ports stay for a moment: a server that repeats itself must not hear that nobody is there. */
  #end(result: TftpReadResult): void {
    if (this.#isOver) return
    const sockets = this.#sockets.splice(0)
    this.drop()
    setTimeout(() => {
      for (const socket of sockets) void closeSocket(socket)
    }, lingerMs).unref()
    for (const socket of sockets) socket.unref()
    this.#done(result)
  }
}

function optionsOf({ blockSize, windowSize, limit }: TftpReadRequest): Map<string, string> {
  const options = new Map([
    ['timeout', String(serverTimeout)],
    ['blksize', String(limit === 0 ? 512 : blockSize)],
    ['tsize', '0'],
  ])
  if (windowSize > 1 && limit !== 0) options.set('windowsize', String(windowSize))
  return options
}

/** @returns `undefined` for what is no TFTP packet */
function tryDecode(bytes: Buffer): TftpPacket | undefined {
  try {
    return decodePacket(bytes)
  } catch {
    return undefined
  }
}

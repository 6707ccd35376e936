import type { FileFetch } from '../../core/file-fetch.ts'
import { now } from '../../core/clock.ts'
import { reasonOf } from '../../core/reason-of.ts'
import type { ChunkCache } from './chunk-cache.ts'
import type { Agreement } from './negotiate.ts'
import { dataOffset, decodePacket, emptyData, encodePacket, errorCodes, type TftpPacket } from './packet.ts'
import { Transfer, type BlockRange, type TransferEnd, type TransferSend } from './transfer.ts'
import type { TftpTiming } from './retransmission-timer.ts'
import type { TransferPort } from './transfer-port.ts'

export interface FetchOptions {
  /** Closed at the end. */
  readonly port: TransferPort
  readonly content: ChunkCache
  readonly size: number
  readonly agreement: Agreement
  readonly timing: TftpTiming
}

/** What a session knows of its fetch when it is over. */
export type FetchResult = Pick<
  FileFetch,
  'sentBytes' | 'acknowledgedBytes' | 'resentBlocks' | 'end' | 'reason' | 'durationMs'
>

/** One fetch on the wire: gives a `Transfer` its packets and its time, and sends what it asks for. */
export class FetchSession {
  readonly ended: Promise<FetchResult>
  readonly #options: FetchOptions
  readonly #transfer: Transfer
  readonly #startedAt = now()
  #settle: (result: FetchResult) => void = () => undefined
  /** Blocks that are still to be sent. */
  #next = 0
  #last = 0
  #isLoading = false
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #socketError: string | undefined
  #isOver = false

  constructor(options: FetchOptions) {
    this.#options = options
    this.#transfer = new Transfer(options.size, options.agreement, options.timing)
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    const { socket } = options.port
    socket.on('message', (bytes) => {
      const packet = tryDecode(bytes)
      if (packet !== undefined) this.#act(this.#transfer.receive(packet, now()))
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#onSocketError(error)
    })
    this.#act(this.#transfer.start(this.#startedAt))
  }

  /** Whether the client has answered: if not, the same request once more is only an echo. */
  get isAnswered(): boolean {
    return this.#transfer.isAnswered
  }

  /** Ends the fetch from our side, and tells the client. */
  stop(end: 'failed' | 'stopped', reason: string, toClient: string): void {
    if (this.#isOver) return
    this.#send({ type: 'error', code: errorCodes.undefined, message: toClient })
    this.#finish(end, reason)
  }

  /** Ends the fetch if all that is missing is the last word of a client that is gone. @returns whether it did */
  conclude(): boolean {
    const isDue = !this.#isOver && this.#transfer.isUnconfirmed
    if (isDue) this.#finish('unconfirmed', 'all was sent, and the last acknowledgement never came')
    return isDue
  }

  /** The client's host says that nobody is there any more; anything else may pass, and the timer tries again. */
  #onSocketError({ code, message }: NodeJS.ErrnoException): void {
    this.#socketError = message
    if (code !== 'ECONNREFUSED') return
    // The kernel tells it ahead of packets that came before: the last acknowledgement, for one.
    afterNextPoll(() => {
      if (!this.#isOver && !this.conclude()) this.#finish('aborted', 'the client closed its port')
    })
  }

  #act(send: TransferSend | undefined): void {
    if (this.#isOver) return
    if (send === 'options') {
      this.#send({ type: 'options-ack', options: this.#options.agreement.accepted })
    } else if (send !== undefined) this.#sendBlocks(send)
    const { end } = this.#transfer
    if (end === undefined) this.#schedule()
    else if (end.how !== 'timed-out' || !this.conclude()) this.#finish(end.how, this.#reasonOf(end))
  }

  #sendBlocks({ from, count }: BlockRange): void {
    this.#next = from
    this.#last = from + count - 1
    this.#pump()
  }

  #pump(): void {
    const { agreement, content, port, size } = this.#options
    while (this.#next <= this.#last && !this.#isLoading && !this.#isOver) {
      const offset = (this.#next - 1) * agreement.blockSize
      const length = Math.min(agreement.blockSize, size - offset)
      const packet = emptyData(this.#next, length)
      if (!content.copy(offset, length, packet, dataOffset)) {
        void this.#load(offset, length)
        return
      }
      port.socket.send(packet)
      this.#next += 1
    }
  }

  async #load(offset: number, length: number): Promise<void> {
    this.#isLoading = true
    try {
      await this.#options.content.load(offset, length)
    } catch (error) {
      this.stop('failed', reasonOf(error), 'the file changed or cannot be read any more')
    }
    this.#isLoading = false
    this.#pump()
  }

  /** One timer that is set anew only when it goes off too late, not for every packet. */
  #schedule(): void {
    const { wakeAt } = this.#transfer
    if (wakeAt >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = wakeAt
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY
        this.#act(this.#transfer.elapse(now()))
      },
      Math.max(1, Math.ceil(wakeAt - now())),
    )
  }

  #send(packet: TftpPacket): void {
    this.#options.port.socket.send(encodePacket(packet))
  }

  #reasonOf(end: TransferEnd): string | undefined {
    if (end.how === 'complete') return undefined
    if (end.how === 'aborted') return `the client sent error ${end.code}${end.message && `: ${end.message}`}`
    const { giveUpMs } = this.#options.timing
    const because = this.#socketError === undefined ? '' : `; sending failed: ${this.#socketError}`
    return `nothing new was heard of the client for ${giveUpMs / 1000} s${because}`
  }

  #finish(end: FileFetch['end'], reason: string | undefined): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    const { sentBytes, acknowledgedBytes, resentBlocks } = this.#transfer
    const durationMs = Math.round(now() - this.#startedAt)
    const result = { sentBytes, acknowledgedBytes, resentBlocks, end, durationMs }
    void this.#options.port.close().then(() => {
      this.#settle(reason === undefined ? result : { ...result, reason })
    })
  }
}

/** Runs something when all that waits in sockets now was delivered. */
function afterNextPoll(then: () => void): void {
  setImmediate(() => setImmediate(then))
}

/** @returns `undefined` for what is no TFTP packet: there is nothing to answer to it */
function tryDecode(bytes: Buffer): TftpPacket | undefined {
  try {
    return decodePacket(bytes)
  } catch {
    return undefined
  }
}

import type { Agreement } from './negotiate.ts'
import type { TftpPacket } from './packet.ts'
import { RetransmissionTimer, type TftpTiming } from './retransmission-timer.ts'

/** What is to be sent now. Replaces whatever of an earlier answer has not been sent yet. */
export type TransferSend = 'options' | BlockRange

/** Blocks by their number in the file, from 1 and not cut to 16 bits. */
export interface BlockRange {
  readonly from: number
  readonly count: number
}

export type TransferEnd =
  | { readonly how: 'complete' }
  /** The client sent ERROR. To barebox that is the normal end of looking a file up. */
  | { readonly how: 'aborted'; readonly code: number; readonly message: string }
  | { readonly how: 'timed-out' }

/**
 * The server's side of one read, without socket, file and clock: times are given, and what has to be
 * sent is returned.
 *
 * A duplicate ACK is never answered at once with a window of 1, so that one duplicate does not double
 * every packet after it (the sorcerer's apprentice, RFC 1123 section 4.2.3.1).
 */
export class Transfer {
  /** Set once the transfer is over; nothing is to be sent from then on. */
  end: TransferEnd | undefined
  /** How many blocks were sent more than once. */
  resentBlocks = 0
  readonly #size: number
  readonly #agreement: Agreement
  readonly #giveUpMs: number
  readonly #timer: RetransmissionTimer
  readonly #lastBlock: number
  #awaitsOptionsAck: boolean
  /** All blocks to this one have arrived. */
  #acknowledged = 0
  /** The last block that the client may have by now, and the last it may ever have had. */
  #sent = 0
  #everSent = 0
  #sentAt = 0
  #wasResent = false
  #progressAt = 0

  /** @param size of the file in bytes */
  constructor(size: number, agreement: Agreement, timing: TftpTiming) {
    this.#size = size
    this.#agreement = agreement
    this.#giveUpMs = timing.giveUpMs
    this.#timer = new RetransmissionTimer(timing)
    // The last block is shorter than the others, and empty where the size is a multiple.
    this.#lastBlock = Math.floor(size / agreement.blockSize) + 1
    this.#awaitsOptionsAck = agreement.accepted.size > 0
  }

  /** When `elapse` has to be called, unless the client is heard before. */
  get wakeAt(): number {
    return Math.min(this.#sentAt + this.#timer.waitMs, this.#progressAt + this.#giveUpMs)
  }

  /** Whether the client has answered at all. */
  get isAnswered(): boolean {
    return !this.#awaitsOptionsAck && (this.#acknowledged > 0 || this.#agreement.accepted.size > 0)
  }

  /** Whether all was sent, and only the client's last word is missing. */
  get isUnconfirmed(): boolean {
    const { windowSize } = this.#agreement
    return this.#everSent === this.#lastBlock && this.#acknowledged >= this.#lastBlock - windowSize
  }

  get sentBytes(): number {
    return this.#bytesTo(this.#everSent)
  }

  get acknowledgedBytes(): number {
    return this.#bytesTo(this.#acknowledged)
  }

  start(now: number): TransferSend {
    this.#progressAt = now
    return this.#awaitsOptionsAck ? this.#sendOptions(now) : this.#sendWindow(now)
  }

  /** What a packet from the client calls for. Packets that make no sense here are ignored. */
  receive(packet: TftpPacket, now: number): TransferSend | undefined {
    if (this.end !== undefined) return undefined
    if (packet.type === 'ack') return this.#receiveAck(packet.block, now)
    if (packet.type === 'error') {
      this.end = { how: 'aborted', code: packet.code, message: packet.message }
    }
    return undefined
  }

  /** What the time calls for: sending again, or giving up. Nothing before `wakeAt`. */
  elapse(now: number): TransferSend | undefined {
    if (this.end !== undefined || now < this.wakeAt) return undefined
    if (now >= this.#progressAt + this.#giveUpMs) {
      this.end = { how: 'timed-out' }
      return undefined
    }
    this.#timer.unanswered()
    return this.#awaitsOptionsAck ? this.#sendOptions(now, true) : this.#sendWindow(now, true)
  }

  /** Block numbers have 16 bits and go round; only their distance counts. */
  #receiveAck(block: number, now: number): TransferSend | undefined {
    if (this.#awaitsOptionsAck) {
      if (block !== 0) return undefined
      this.#awaitsOptionsAck = false
      this.#noteProgress(now)
      return this.#sendWindow(now)
    }
    const distance = (block - this.#acknowledged) & 0xffff
    const inFlight = this.#sent - this.#acknowledged
    if (distance > inFlight) return undefined
    if (distance === 0) return this.#receiveDuplicate(now)
    const isAnswerToOlder = distance < inFlight && this.#wasResent && this.#isEarly(now)
    this.#acknowledged += distance
    this.#noteProgress(now)
    if (this.#acknowledged === this.#lastBlock) {
      this.end = { how: 'complete' }
      return undefined
    }
    return isAnswerToOlder ? undefined : this.#sendWindow(now)
  }

  /** With a larger window, this is also how a client says that the first block of it was lost. */
  #receiveDuplicate(now: number): TransferSend | undefined {
    return this.#agreement.windowSize === 1 || this.#isEarly(now) ? undefined : this.#sendWindow(now, true)
  }

  /**
   * Whether an ACK that reports a gap (RFC 7440 section 4) comes too early to be about what was sent last.
   * Packets that were doubled on their way make clients acknowledge the same block again, and to go back for
   * each of these would double every window after it.
   */
  #isEarly(now: number): boolean {
    const { roundTripMs } = this.#timer
    return roundTripMs === undefined || now - this.#sentAt < roundTripMs
  }

  #noteProgress(now: number): void {
    this.#timer.answered(this.#wasResent ? undefined : now - this.#sentAt)
    this.#progressAt = now
  }

  #sendOptions(now: number, again = false): TransferSend {
    this.#sentAt = now
    this.#wasResent = again
    return 'options'
  }

  /** Always from the block after the last one that arrived: an ACK within a window rolls it back. */
  #sendWindow(now: number, again = false): TransferSend {
    const from = this.#acknowledged + 1
    this.#sent = Math.min(this.#acknowledged + this.#agreement.windowSize, this.#lastBlock)
    this.resentBlocks += Math.max(0, Math.min(this.#everSent, this.#sent) - this.#acknowledged)
    this.#wasResent = again || this.#everSent >= from
    this.#everSent = Math.max(this.#everSent, this.#sent)
    this.#sentAt = now
    return { from, count: this.#sent - this.#acknowledged }
  }

  #bytesTo(block: number): number {
    return Math.min(this.#size, block * this.#agreement.blockSize)
  }
}

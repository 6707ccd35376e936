import type { TransferOptions } from '../../board/file-transfer.ts'
import type { Console, Pattern } from '../../board/console.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { isTimeout } from '../../core/is-timeout.ts'
import { never } from './never.ts'

/** Control characters of XMODEM and YMODEM ("XMODEM/YMODEM Protocol Reference", C. Forsberg, 1988). */
const soh = 0x01
const stx = 0x02
const eot = '\x04'
const ack = '\x06'
const nak = '\x15'
const can = '\x18'
const cancellation = can.repeat(8)
/** With which a receiver asks for the first block, and, until it has one that is right, for the next ones. */
const ready = 'C'
/** With which the last block of a file is filled. */
const filler = 0x1a

/** Something a receiver says to people. */
const text = /(?=[^C\x06\x15\s])/
/** lrzsz does not always answer the last block before it ends. */
const takenOrText = /\x06|(?=[^C\x06\x15\s])/

const shortBlock = 128
const longBlock = 1024

/** How often a block is sent until it is accepted. */
const attempts = 10
/** The receiver asks again after so long by itself, in milliseconds; at 9600 baud a block takes one second. */
const answerMs = 15_000
/** A receiver gives up a block that does not go on sooner than that, and asks again, in milliseconds. */
const cancelMs = 12_000
/** Time in which a receiver that has asked begins to listen, in milliseconds. */
const settleMs = 200
/** Some receivers want to know of the next file, and some are content. */
const nextFileMs = 3000

export interface YmodemFile {
  readonly name: string
  readonly content: Uint8Array
}

/**
 * Sends one file to a receiver that was started already (`loady`, `rb`). Each block has a CRC of 16 bits and is
 * sent again where it did not arrive as it is.
 * @throws HilError `transfer.damaged` (infrastructure), `transfer.refused` (board)
 */
export async function sendByYmodem(
  console: Console,
  { name, content }: YmodemFile,
  t: Deadline,
  { onProgress }: TransferOptions = {},
): Promise<void> {
  try {
    await console.expect({ 'a receiver that is ready': /C$/ }, t)
    await settle(console, t)
    await sendBlock(console, 0, headerOf(name, content.length), name, t)
    await answer(console, name, t, { ready })
    const total = content.length
    onProgress?.({ done: 0, total })
    for (let at = 0, number = 1; at < total; number++) {
      const size = total - at > shortBlock ? longBlock : shortBlock
      const bytes = content.subarray(at, at + size)
      await sendBlock(console, number & 0xff, padded(bytes, size), name, t)
      at += bytes.length
      onProgress?.({ done: at, total })
    }
    await endFile(console, name, t)
    await endBatch(console, t)
  } catch (error) {
    await cancel(console)
    throw error
  }
}

/**
 * Else the receiver would wait for us, and take what is typed next for a block. The transfer's time may be over: this
 * has its own. In the middle of a block a cancellation was data, and right after it has asked a receiver may drop it:
 * one that asks again is told again.
 */
async function cancel(console: Console): Promise<void> {
  using t = startDeadline(cancelMs, 'cancelling a transfer')
  try {
    do await console.write(cancellation, t)
    while (await asksAgain(console, t))
  } catch {
    // Why the transfer failed says more.
  }
}

/** Whether the receiver asks for a block, and says nothing to people in the moment in which it may not listen. */
async function asksAgain(console: Console, t: Deadline): Promise<boolean> {
  const { which } = await console.expect({ 'asked again': /[C\x15]$/, over: text }, t)
  if (which === 'over') return false
  using moment = t.within(settleMs, 'a receiver that has asked')
  try {
    await console.expect({ over: text }, moment)
    return false
  } catch (error) {
    if (!isTimeout(error)) throw error
    return true
  }
}

/** `name NUL size NUL`; further fields are for file systems. */
function headerOf(name: string, size: number): Buffer {
  const text = Buffer.from(`${name}\0${size}\0`)
  return padded(text, text.length > shortBlock ? longBlock : shortBlock, 0)
}

function padded(bytes: Uint8Array, size: number, fill = filler): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length, fill)])
}

function frameOf(number: number, data: Uint8Array): Buffer {
  const frame = Buffer.alloc(3 + data.length + 2)
  frame.set([data.length === longBlock ? stx : soh, number, 0xff - number])
  frame.set(data, 3)
  frame.writeUInt16BE(crc16(data), 3 + data.length)
  return frame
}

async function sendBlock(
  console: Console,
  number: number,
  data: Uint8Array,
  name: string,
  t: Deadline,
): Promise<void> {
  const frame = frameOf(number, data)
  const answers = { taken: ack, again: nak, 'first again': number <= 1 ? ready : never }
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await console.write(frame, t)
    if ((await answer(console, name, t, answers)) === 'taken') return
  }
  throw new HilError(
    'transfer.damaged',
    `${name} did not arrive as it was sent: block ${number} was refused ${attempts} times`,
    { blame: 'infrastructure', details: { name, block: number } },
  )
}

/** The first is refused by those that want to be sure. */
async function endFile(console: Console, name: string, t: Deadline): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await console.write(eot, t)
    if ((await answer(console, name, t, { taken: ack, again: nak })) === 'taken') return
  }
  throw new HilError('transfer.damaged', `the end of ${name} was not taken`, {
    blame: 'infrastructure',
    details: { name },
  })
}

/** The file is there by now: a receiver that asks for another one is told that there is none. */
async function endBatch(console: Console, t: Deadline): Promise<void> {
  // U-Boot (2023.01) takes the end of the file twice before it asks.
  let over = text
  for (let attempt = 1; attempt <= attempts && (await wantsNext(console, over, t)); attempt++) {
    await settle(console, t)
    await console.write(frameOf(0, Buffer.alloc(shortBlock)), t)
    over = takenOrText
  }
}

/** Whether the receiver waits for something. */
async function wantsNext(console: Console, over: RegExp, t: Deadline): Promise<boolean> {
  using budget = t.within(nextFileMs, 'the end of the transfer')
  try {
    return (await console.expect({ next: /[C\x15]$/, over }, budget)).which === 'next'
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return false
  }
}

/** lrzsz drops what comes in the moment after it has asked; others have asked several times before somebody answered. */
async function settle(console: Console, t: Deadline): Promise<void> {
  using budget = t.within(settleMs, 'a receiver that has asked')
  await console.expect({ nothing: never }, budget).catch((error: unknown) => {
    if (!isTimeout(error)) throw error
  })
  t.throwIfOver()
  console.discard()
}

async function answer<const Name extends string>(
  console: Console,
  name: string,
  t: Deadline,
  answers: Readonly<Record<Name, Pattern>>,
): Promise<Name> {
  using budget = t.within(answerMs, `an answer to a block of ${name}`)
  const { which } = await console.expect({ ...answers, cancelled: can + can }, budget)
  if (which !== 'cancelled') return which
  throw new HilError('transfer.refused', `the board cancelled the transfer of ${name}`, {
    blame: 'board',
    details: { name },
  })
}

/** CRC-16/XMODEM: polynomial 0x1021, nothing reflected, from 0. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc
}

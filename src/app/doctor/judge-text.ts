/** What a board said, as bytes: words, or what is heard of words at another rate. */
export type Judgement = 'text' | 'noisy' | 'garbage' | 'too-little'

/** Less than this may be anything: a line says a byte or two when power comes. */
export const enoughBytes = 32

/** Shares of bytes that can stand in a text. At a wrong rate most can't; on a bad line a few. */
const textShare = 0.97
const garbageShare = 0.8

/**
 * Boot ROMs often speak at another rate than what comes after them, so the end decides, once there is enough of it.
 */
export function judgeText(bytes: Uint8Array): Judgement {
  if (bytes.length < enoughBytes) return 'too-little'
  const last = bytes.subarray(-Math.max(enoughBytes, Math.floor(bytes.length / 2)))
  const share = last.filter(isOfText).length / last.length
  // What is all one character is no text, whichever it is.
  if (share < garbageShare || new Set(last).size < 4) return 'garbage'
  return share < textShare ? 'noisy' : 'text'
}

/** ASCII with what terminals are told; other letters are rare on a console, and two bytes or more. */
function isOfText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || [0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b].includes(byte)
}

/** The first words of what was said, for a sentence. */
export function quoteText(bytes: Uint8Array, most = 60): string {
  const text = Buffer.from(bytes).toString('latin1')
  const plain = text.replaceAll(/\x1b\[[\d;?]{0,20}[A-Za-z]/g, '').replaceAll(/[^\x21-\x7e]+/g, ' ')
  const words = plain.trim()
  return `"${words.length > most ? `${words.slice(0, most)}...` : words}"`
}

/**
 * Console bytes to text for people and patterns: UTF-8 decoded across chunk borders, terminal
 * control sequences taken out, any run of CR before LF made one LF unless asked to keep it. The
 * bytes themselves are logged elsewhere, untouched.
 */
export class TextStream {
  readonly #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  /** The beginning of a control sequence, or CRs, whose rest has not arrived. */
  #held = ''
  #cursorAskedAt: number | undefined
  /** Whether CR LF stays as it is. */
  keepReturns = false

  /** Before which character of the text that was pushed last the terminal was asked where its cursor is. */
  get cursorAskedAt(): number | undefined {
    return this.#cursorAskedAt
  }

  push(bytes: Uint8Array): string {
    let text = this.#held + this.#decoder.decode(bytes, { stream: true })
    this.#held = ''
    this.#cursorAskedAt = undefined
    if (text.includes('\x1b')) text = this.#strip(text)
    return this.keepReturns || !text.includes('\r') ? text : this.#foldCarriageReturns(text)
  }

  /** Bytes are missing from here on. @returns what was held back until more had come */
  restart(): string {
    const rest = this.#held + this.#decoder.decode()
    this.#held = ''
    return rest
  }

  #strip(text: string): string {
    let kept = ''
    let from = 0
    for (let escape = text.indexOf('\x1b'); escape !== -1; escape = text.indexOf('\x1b', from)) {
      kept += text.slice(from, escape)
      from = escape + sequenceLength(text, escape)
      if (text.slice(escape, from) === whereIsCursor) this.#cursorAskedAt = kept.length
      if (from === escape) {
        this.#held = text.slice(escape)
        return kept
      }
    }
    return kept + text.slice(from)
  }

  #foldCarriageReturns(text: string): string {
    const folded = foldReturns(text)
    if (this.#cursorAskedAt !== undefined)
      this.#cursorAskedAt = foldReturns(text.slice(0, this.#cursorAskedAt)).length
    if (!folded.endsWith('\r')) return folded
    // Whether these CRs belong to a line end is known with the next chunk; an escape sequence that
    // was held back comes after them.
    const end = folded.length - trailingReturns(folded)
    this.#held = folded.slice(end) + this.#held
    return folded.slice(0, end)
  }
}

function foldReturns(text: string): string {
  return text.replaceAll(/\r{1,80}\n/g, '\n')
}

/** Device Status Report 6 of ECMA-48: a terminal is to type its position, and nobody sees the question. */
const whereIsCursor = '\x1b[6n'

/** How many characters to skip at an ESC: 0 when the rest of a sequence has not arrived yet. */
function sequenceLength(text: string, escape: number): number {
  wholeSequence.lastIndex = escape
  const whole = wholeSequence.exec(text)
  if (whole !== null) return whole[0].length
  sequenceBeginning.lastIndex = escape
  // An ESC that begins nothing known is dropped alone.
  return sequenceBeginning.test(text) ? 0 : 1
}

/**
 * ECMA-48: CSI (`ESC [` parameters, final byte), OSC and the other strings (ended by BEL or ST),
 * charset selections, and the two-byte sequences. Every repeat is bounded, so that a board can't
 * make us hold text back for ever.
 */
const wholeSequence =
  /\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|[\]PX^_][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)|[ -/]{1,4}[0-~]|[0-OQ-WYZ\\`-~])/y

/** Everything that can still become one of these. */
const sequenceBeginning = /\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|[\]PX^_][^\x07\x1b]{0,1024}\x1b?|[ -/]{1,4})?$/y

function trailingReturns(text: string): number {
  let count = 0
  while (count < text.length && count < 80 && text[text.length - 1 - count] === '\r') count++
  return count
}

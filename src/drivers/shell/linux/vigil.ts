import type { Match } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { isTimeout, receivedDuring } from '../../../core/is-timeout.ts'
import type { ChildShell } from './child-shell.ts'
import type { Marked } from './until-mark.ts'
import { endsOf, type End, type Ends } from './ends.ts'

/** How often Enter is answered by whatever has the console now; a program's own output is not there twice at once. */
const answers = 2

type WatchedShell = Pick<ChildShell, 'options' | 'mark' | 'exit' | 'prompt' | 'otherPrompt'>

export const goneBefore: Marked = { which: 'gone-before', status: Number.NaN, text: '' }

/**
 * Sees that nobody is left to end a command: the login shell is gone, and a login or another shell has the console. What
 * looks like their prompt may be output, so it proves nothing. Only where the board stays silent behind it, Enter is typed,
 * once for each command: a prompt comes again, and again, and a program at work does not care.
 */
export class Vigil {
  readonly #child: WatchedShell
  readonly #ends: Ends
  readonly #other: RegExp
  #hasAsked = false

  constructor(child: WatchedShell) {
    this.#child = child
    this.#ends = endsOf(child)
    this.#other = child.otherPrompt
  }

  /** Whether Enter was typed: a shell that still reads lines has run an empty one. */
  get hasAsked(): boolean {
    return this.#hasAsked
  }

  /** Does what sends a line and waits for its end, unless the shell went already, after the command before. */
  async over(exchange: () => Promise<Marked>, t: Deadline): Promise<Marked> {
    if (await this.#isGone(t)) return goneBefore
    try {
      return await exchange()
    } catch (error) {
      // It may have gone while the line was typed.
      if (!isTimeout(error) || t.signal.aborted || !(await this.#isGone(t))) throw error
      return goneBefore
    }
  }

  async #isGone(t: Deadline): Promise<boolean> {
    const { console } = this.#child.options
    const last = console.lastLines(1)[0] ?? ''
    if (this.#child.prompt.test(last) || !this.#other.test(last)) return false
    console.discard()
    return (await this.#ask(t)).isGone
  }

  /** Waits for the end of a command; what looked like a prompt, and was none, is counted to what came before it. @returns `undefined` where the shell is gone */
  async expect(t: Deadline): Promise<Match<End> | undefined> {
    const { console } = this.#child.options
    if (this.#hasAsked) return console.expect(this.#ends, t)
    const first = await console.expect({ ...this.#ends, other: this.#other }, t)
    if (first.which !== 'other') return { ...first, which: first.which }
    const quiet = await this.#untilSilence(t)
    const before = first.before + first.text + quiet.text
    if (quiet.match !== undefined) return { ...quiet.match, before: before + quiet.match.before }
    const asked = await this.#ask(t)
    if (asked.isGone) return undefined
    const match = asked.match ?? (await console.expect(this.#ends, t))
    return { ...match, before: before + withoutEnter(asked.text + match.before, asked.enters) }
  }

  /** What comes until the board says nothing for a while. */
  async #untilSilence(t: Deadline) {
    const { console, echoMs } = this.#child.options
    let text = ''
    for (;;) {
      using silence = t.within(echoMs, 'silence behind what looks like a prompt')
      try {
        const match = await console.expect({ ...this.#ends, other: this.#other }, silence)
        if (match.which !== 'other') return { text, match: { ...match, which: match.which } }
        text += match.before + match.text
      } catch (error) {
        if (!isTimeout(error)) throw error
        t.throwIfOver()
        if (receivedDuring(error) === 0) return { text, match: undefined }
      }
    }
  }

  /** Types Enter, and again at once where a prompt answered. */
  async #ask(t: Deadline) {
    const { console, echoMs } = this.#child.options
    this.#hasAsked = true
    let text = ''
    for (let enters = 1; enters <= answers; enters++) {
      await console.write('\r', t)
      using budget = t.within(echoMs, 'an answer to Enter')
      try {
        const match = await console.expect({ ...this.#ends, other: this.#other }, budget)
        if (match.which !== 'other')
          return { text, enters, match: { ...match, which: match.which }, isGone: false }
        text += match.before + match.text
      } catch (error) {
        if (!isTimeout(error)) throw error
        t.throwIfOver()
        return { text, enters, match: undefined, isGone: false }
      }
    }
    return { text, enters: answers, match: undefined, isGone: true }
  }
}

/** The terminal has echoed each Enter that was typed into the output. */
function withoutEnter(text: string, enters: number): string {
  return enters === 0 ? text : withoutEnter(text.replace(/\r{0,1}\n/, ''), enters - 1)
}

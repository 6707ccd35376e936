import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { isTimeout } from '../../../core/is-timeout.ts'
import type { Channel } from './channel.ts'
import { childSettings, type ChildShell } from './child-shell.ts'
import { enterAtPrompt } from './line-editor.ts'
import { markFormat } from './mark.ts'
import type { KernelLineSign } from '../../../kernel/take-out-kernel-lines.ts'
import { quoteWord } from '../../../core/quote-word.ts'
import { askUptime, Returns } from './returns.ts'
import { untilMark, type Marked } from './until-mark.ts'
import { Vigil } from './vigil.ts'

/** A line editor takes at least 512 characters (busybox), and every quote in a command needs four. */
const maximumLine = 110

const markFunction = 'hil_'

/**
 * Commands typed at the interactive prompt of our shell, for one that has no loop to give: slower,
 * for the line editor has its say on each character.
 */
export class PromptChannel implements Channel {
  readonly maximumLine = maximumLine
  readonly #child: ChildShell
  readonly #returns = new Returns()
  #hasEnded = false

  private constructor(child: ChildShell) {
    this.#child = child
  }

  /** At the first prompt of a child. */
  static async start(child: ChildShell, t: Deadline): Promise<PromptChannel> {
    const channel = new PromptChannel(child)
    await channel.#setUp(t)
    return channel
  }

  kernelSign(at: number): KernelLineSign {
    return this.#returns.kernelSign(at)
  }

  async exchange(line: string, t: Deadline): Promise<Marked> {
    await this.#restartIfEnded(t)
    const vigil = new Vigil(this.#child)
    const marked = await vigil.over(() => this.#exchangeNow(line, t, vigil), t)
    if (marked.which === 'mark' && vigil.hasAsked) await this.#untilLastPrompt(t)
    return marked
  }

  async #exchangeNow(line: string, t: Deadline, vigil?: Vigil): Promise<Marked> {
    const lead = await this.#enter(`eval ${quoteWord(line)} </dev/null;${markFunction}`, t)
    const marked = await untilMark(this.#child, lead, t, vigil)
    if (marked.which === 'prompt') return { ...marked, status: await this.#askStatus(t) }
    if (marked.which === 'mark') await this.#untilPrompt(t)
    this.#hasEnded = marked.which === 'exit'
    return marked
  }

  async winBack(): Promise<boolean> {
    const { where, recoverMs } = this.#child.options
    using t = startDeadline(recoverMs, `winning back ${where}`)
    try {
      await this.#child.clearPrompt(t)
      await this.exchange('true', t)
      return true
    } catch {
      return false
    }
  }

  async leave(t: Deadline): Promise<void> {
    await this.#restartIfEnded(t)
    await this.#enter(this.#returns.exit('2'), t)
    await this.#child.untilGone(t)
  }

  async #restartIfEnded(t: Deadline): Promise<void> {
    if (!this.#hasEnded) return
    await this.#child.restart(t)
    await this.#setUp(t)
    this.#hasEnded = false
  }

  async #setUp(t: Deadline): Promise<void> {
    const { nonce, options } = this.#child
    // bash without its line editor: the terminal echoes, whatever its width.
    await this.#child.enterAtPrompt('[ -z "$BASH" ]||set +o emacs +o vi', t)
    await options.console.expect({ prompt: options.prompt }, t)
    await this.#child.enterAtPrompt(childSettings(nonce).join(';'), t)
    await this.#untilPrompt(t)
    this.#child.isSetUp = true
    await this.#enter(`${markFunction}(){ printf '${markFormat(nonce)}' $?;}`, t)
    await this.#untilPrompt(t)
    this.#returns.keep(options.console)
    const { text } = await this.#exchangeNow([...this.#returns.takeOut('2'), askUptime].join(';'), t)
    if (!this.#returns.settle(text)) this.#returns.readClock(text)
  }

  /** An error ended the whole line, the mark included. */
  async #askStatus(t: Deadline): Promise<number> {
    await this.#enter(markFunction, t)
    const { status } = await untilMark(this.#child, '', t)
    await this.#untilPrompt(t)
    return status
  }

  #enter(line: string, t: Deadline): Promise<string> {
    return enterAtPrompt(this.#child.options, this.#child.prompt, line, t)
  }

  /** The prompt behind an empty line that was typed still comes, unless the command has read it. */
  async #untilLastPrompt(t: Deadline): Promise<void> {
    using budget = t.within(this.#child.options.echoMs, 'another prompt')
    try {
      await this.#untilPrompt(budget)
    } catch (error) {
      if (!isTimeout(error)) throw error
      t.throwIfOver()
    }
  }

  async #untilPrompt(t: Deadline): Promise<void> {
    await this.#child.options.console.expect({ prompt: this.#child.prompt }, t)
  }
}

import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import type { KernelLineSign } from '../../../kernel/take-out-kernel-lines.ts'
import { afterEcho } from '../../framing/after-echo.ts'
import { wrongEchoError } from '../../framing/command-errors.ts'
import { enterLine } from '../../framing/type-line.ts'
import type { Channel } from './channel.ts'
import type { ChildShell } from './child-shell.ts'
import { terminalEcho } from './line-editor.ts'
import { loopFunction, loopLine, readOneLine } from './loop-lines.ts'
import { askUptime, Returns } from './returns.ts'
import { untilMark, type Marked } from './until-mark.ts'
import { goneBefore, Vigil } from './vigil.ts'

/** A terminal's line holds 4096 characters with its end (n_tty); a typed one ends in a space of ours. */
const maximumLine = 4000

/**
 * A read-eval loop: no line editor and no prompt stand between. The terminal echoes, the shell reads,
 * runs, and prints a mark. Its shell is interactive, so that Ctrl-C ends whatever runs, builtin loops
 * as well, and lands at a prompt of ours with directory and variables kept.
 *
 * It is given back as soon as it has run a line of ours. To read the loop, and to start the programs that
 * look after the terminal, it takes the time in which whoever asked for it comes to the first command.
 */
export class LoopChannel implements Channel {
  readonly maximumLine = maximumLine
  readonly #child: ChildShell
  readonly #returns = new Returns()
  /** Whether a command ended the child, and the outer shell has the line. */
  #hasEnded = false

  private constructor(child: ChildShell) {
    this.#child = child
  }

  /** At the first prompt of a child. */
  static async start(child: ChildShell, t: Deadline): Promise<LoopChannel> {
    const channel = new LoopChannel(child)
    await channel.#setUp(t)
    return channel
  }

  kernelSign(at: number): KernelLineSign {
    return this.#returns.kernelSign(at)
  }

  async exchange(line: string, t: Deadline): Promise<Marked> {
    await this.#restartIfEnded(t)
    const vigil = new Vigil(this.#child)
    const marked = await vigil.over(async () => {
      await (vigil.hasAsked ? this.#resume(t) : this.#untilReady(t))
      return this.#exchangeNow(line, vigil, t)
    }, t)
    // The mark of the empty line that was typed may still come.
    if (marked.which === 'mark' && vigil.hasAsked) await this.#resume(t)
    if (marked.which === 'prompt') return { ...marked, status: await this.#enterLoop(t) }
    this.#hasEnded = marked.which === 'exit'
    return marked
  }

  async winBack(): Promise<boolean> {
    using t = startDeadline(this.#child.options.recoverMs, `winning back ${this.#child.options.where}`)
    try {
      await this.#resume(t)
      return true
    } catch {
      return false
    }
  }

  async leave(t: Deadline): Promise<void> {
    await this.#restartIfEnded(t)
    await this.#untilReady(t)
    // The terminal is on stdout: commands have no stdin.
    await this.#send(this.#returns.exit('1'), t)
    await this.#child.untilGone(t)
  }

  /**
   * Where no character can get lost the line is sent whole, and its echo looked at afterwards: the
   * terminal keeps it until the loop reads it.
   */
  async #exchangeNow(line: string, vigil: Vigil, t: Deadline): Promise<Marked> {
    const { console, where } = this.#child.options
    if (!console.isLossless) return untilMark(this.#child, await this.#send(line, t), t, vigil)
    await console.write(`${line}\r`, t)
    const marked = await untilMark(this.#child, '', t, vigil)
    if (marked.which === 'gone') return isEchoed(marked.text, line) ? marked : goneBefore
    const { text } = marked
    if (text.startsWith(line)) return { ...marked, text: text.slice(line.length) }
    // A kernel message stands in it, which the reader of the text takes out.
    if (isEchoed(text, line)) return marked
    throw wrongEchoError(where, line, text.slice(0, 2 * line.length))
  }

  #send(line: string, t: Deadline): Promise<string> {
    const echoing = terminalEcho(this.#child.options, (budget) => this.#resume(budget))
    return enterLine(echoing, line, t)
  }

  /** Ctrl-C brings the prompt of our shell, from where the loop is started again. */
  async #resume(t: Deadline): Promise<void> {
    await this.#child.clearPrompt(t)
    await this.#enterLoop(t)
  }

  /** At the prompt of our shell. @returns the status of what ran before */
  async #enterLoop(t: Deadline): Promise<number> {
    if (this.#child.isSetUp) await this.#child.enterAtPrompt(loopFunction, t)
    else {
      await readOneLine(this.#child, t)
      await this.#typeLoop(t)
    }
    const { text, status } = await untilMark(this.#child, '', t)
    await this.#setReady(text, t)
    return status
  }

  /** Until the loop is entered for the first time. */
  async #untilReady(t: Deadline): Promise<void> {
    if (this.#child.isSetUp) return
    const { text } = await untilMark(this.#child, '', t)
    await this.#setReady(text, t)
  }

  async #setReady(said: string, t: Deadline): Promise<void> {
    if (this.#child.isSetUp) return
    this.#child.isSetUp = true
    if (this.#returns.settle(said)) return
    await this.#send(askUptime, t)
    this.#returns.readClock((await untilMark(this.#child, '', t)).text)
  }

  async #restartIfEnded(t: Deadline): Promise<void> {
    if (!this.#hasEnded) return
    await this.#child.restart(t)
    await this.#setUp(t)
    this.#hasEnded = false
  }

  /** At the first prompt of a child: makes its settings, and goes ahead of its way into the loop. */
  async #setUp(t: Deadline): Promise<void> {
    await readOneLine(this.#child, t)
    this.#returns.keep(this.#child.options.console)
    await this.#typeLoop(t)
  }

  /** Where our shell reads one line. */
  async #typeLoop(t: Deadline): Promise<void> {
    const { options, nonce } = this.#child
    const retry = async (budget: Deadline) => {
      await this.#child.clearPrompt(budget)
      await readOneLine(this.#child, budget)
    }
    await enterLine(terminalEcho(options, retry), loopLine(nonce, this.#returns.takeOut('0')), t)
  }
}

function isEchoed(text: string, line: string): boolean {
  return text.startsWith(line) || afterEcho(text, line) !== undefined
}

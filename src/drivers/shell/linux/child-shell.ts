import type { Deadline } from '../../../core/deadline.ts'
import { clearLine } from '../../framing/clear-line.ts'
import { nonce } from '../../framing/nonce.ts'
import type { ChannelOptions } from './channel.ts'
import { enterAtPrompt } from './line-editor.ts'
import { createMark, type Mark } from './mark.ts'
import { otherPrompt } from './other-prompt.ts'

/** What the login shell is; sh where that is not bash. Start-up files of its own would only cost time. */
const defaultProgram = '${BASH:-sh}${BASH:+ --norc}'

/** Settings every child gets: nothing is left in a history file, no job is announced, Ctrl-C lands at a prompt we know. */
export function childSettings(nonce: string): readonly string[] {
  return ['unset HISTFILE', 'set +m', `PS1='hil-''${nonce}> '`, 'PS2=']
}

/**
 * A shell of our own, started from the one that was found. `exit` in a command, or a signal, ends
 * nothing but it; and when it is left, the one that was found is as it was.
 */
export class ChildShell {
  readonly options: ChannelOptions
  readonly nonce = nonce()
  readonly mark: Mark = createMark(this.nonce)
  /** Its prompt, once its settings were made; nobody else prints it, so a kernel message may follow. */
  readonly prompt = new RegExp(`hil-${this.nonce}> `)
  /** That, or the one it begins with. */
  readonly #earlyPrompt: RegExp
  /** Where the line is no longer its own; made once, for each new pattern has to be checked and compiled. */
  readonly otherPrompt: RegExp
  /** What the outer shell prints when it has ended; the group is its status. */
  readonly exit = new RegExp(`hil-${this.nonce}=(\\d{1,3})\\r{0,1}\\n`)

  /** Whether its settings were made, so that no other prompt of it is believed. */
  isSetUp = false

  private constructor(options: ChannelOptions) {
    this.options = options
    this.#earlyPrompt = new RegExp(`${this.prompt.source}|${options.prompt.source}`)
    this.otherPrompt = otherPrompt(options.prompt, options.loginPrompt)
  }

  /** From the prompt of the shell that was found. @returns `undefined` where there is no such program */
  static async start(options: ChannelOptions, t: Deadline): Promise<ChildShell | undefined> {
    const child = new ChildShell(options)
    return (await child.#start(t)) ? child : undefined
  }

  /** After it has ended: waits for the outer prompt and starts it anew. */
  async restart(t: Deadline): Promise<void> {
    await this.#outerPrompt(t)
    await this.#start(t)
  }

  /** After it was told to exit: waits until the outer shell has the line. */
  async untilGone(t: Deadline): Promise<void> {
    await this.options.console.expect({ 'the end of our shell': this.exit }, t)
    await this.#outerPrompt(t)
  }

  /** Types at its prompt, whether its settings were made already or not. */
  enterAtPrompt(line: string, t: Deadline): Promise<string> {
    return enterAtPrompt(this.options, this.#ownPrompt, line, t)
  }

  /** Ctrl-C, which ends what runs, until its prompt is there. */
  clearPrompt(t: Deadline): Promise<void> {
    const { console, recoverMs } = this.options
    return clearLine(console, this.#ownPrompt, recoverMs, t)
  }

  get #ownPrompt(): RegExp {
    return this.isSetUp ? this.prompt : this.#earlyPrompt
  }

  async #start(t: Deadline): Promise<boolean> {
    this.isSetUp = false
    const { program = defaultProgram, prompt, console } = this.options
    await enterAtPrompt(this.options, prompt, `${program};echo hil"-"${this.nonce}=$?`, t)
    const { which } = await console.expect({ exit: this.exit, prompt }, t)
    if (which === 'prompt') return true
    await this.#outerPrompt(t)
    return false
  }

  async #outerPrompt(t: Deadline): Promise<void> {
    await this.options.console.expect({ prompt: this.options.prompt }, t)
  }
}

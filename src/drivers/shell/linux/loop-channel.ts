import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { afterEcho } from '../../framing/after-echo.ts'
import { clearLine } from '../../framing/clear-line.ts'
import { wrongEchoError } from '../../framing/command-errors.ts'
import { enterLine } from '../../framing/type-line.ts'
import type { Channel, ShellFacts } from './channel.ts'
import { childSettings, type ChildShell } from './child-shell.ts'
import { interrupted } from './interrupted.ts'
import { enterAtPrompt, terminalEcho } from './line-editor.ts'
import { markFormat } from './mark.ts'
import { factsLine, readFacts } from './shell-facts.ts'
import { untilMark, type Marked } from './until-mark.ts'
import { goneBefore, Vigil } from './vigil.ts'

/** A terminal's line holds 4096 characters with its end (n_tty); a typed one ends in a space of ours. */
const maximumLine = 4000

const loopFunction = 'hil_'

/**
 * A read-eval loop: no line editor and no prompt stand between. The terminal echoes, the shell reads,
 * runs, and prints a mark. Its shell is interactive, so that Ctrl-C ends whatever runs, builtin loops
 * as well, and lands at a prompt of ours with directory and variables kept.
 */
export class LoopChannel implements Channel {
  readonly maximumLine = maximumLine
  readonly #child: ChildShell
  readonly #terminal: string
  /** Whether a command ended the child, and the outer shell has the line. */
  #hasEnded = false

  private constructor(child: ChildShell, terminal: string) {
    this.#child = child
    this.#terminal = terminal
  }

  /** At the first prompt of a child. */
  static async start(child: ChildShell, t: Deadline): Promise<{ channel: LoopChannel; facts: ShellFacts }> {
    const facts = await setUp(child, t)
    return { channel: new LoopChannel(child, facts.terminal), facts }
  }

  async exchange(line: string, t: Deadline): Promise<Marked> {
    await this.#restartIfEnded(t)
    const vigil = new Vigil(this.#child)
    const marked = await vigil.over(async () => {
      if (vigil.hasAsked) await this.#resume(t)
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
    // The terminal is on stdout: commands have no stdin.
    await this.#send(this.#terminal === '' ? 'exit' : `stty ${this.#terminal} <&1;exit`, t)
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
    const { console, recoverMs } = this.#child.options
    await clearLine(console, this.#child.prompt, recoverMs, t)
    await this.#enterLoop(t)
  }

  /** At the prompt of our shell. @returns the status of what ran before */
  async #enterLoop(t: Deadline): Promise<number> {
    await enterAtPrompt(this.#child.options, this.#child.prompt, loopFunction, t)
    return (await untilMark(this.#child, '', t)).status
  }

  async #restartIfEnded(t: Deadline): Promise<void> {
    if (!this.#hasEnded) return
    await this.#child.restart(t)
    await setUp(this.#child, t)
    this.#hasEnded = false
  }
}

function isEchoed(text: string, line: string): boolean {
  return text.startsWith(line) || afterEcho(text, line) !== undefined
}

/** At the first prompt of a child: makes its settings and enters the loop. */
async function setUp(child: ChildShell, t: Deadline): Promise<ShellFacts> {
  const { console } = child.options
  await readOneLine(child, t)
  // From now on what the kernel says ends in CR LF, and nothing else does.
  const returns = console.keepReturns()
  const retry = async (budget: Deadline) => {
    await child.clearFirstPrompt(budget)
    await readOneLine(child, budget)
  }
  await enterLine(terminalEcho(child.options, retry), setUpLine(child.nonce), t)
  const { text } = await untilMark(child, '', t)
  const facts = readFacts(text)
  if (facts.terminal === '') returns[Symbol.dispose]()
  return facts
}

/** The next line is read without the line editor, which would break it. */
async function readOneLine(child: ChildShell, t: Deadline): Promise<void> {
  await child.enterAtFirstPrompt(`echo hil"-"${child.nonce};read -r l_;eval "$l_"`, t)
  const reading = new RegExp(`${interrupted(`hil-${child.nonce}`)}\\r{0,1}\\n`)
  await child.options.console.expect({ 'a shell that reads': reading }, t)
}

/**
 * The mark stands in the loop's condition, so that a `continue` of the command, which then is the
 * loop's, does not skip it, and a `break` is caught by the loop around. Entered again after an error,
 * the loop first tells the status of that. With `set -x` on, the loop itself is traced to nowhere.
 */
function setUpLine(nonce: string): string {
  return [
    ...childSettings(nonce),
    ...factsLine('0'),
    'st_(){ set -- $r_;r_=0;return $1;}',
    `${loopFunction}(){ r_=$?;while :;do st_;while printf '${markFormat(nonce)}' $?;IFS= read -r l_||exit;` +
      'do eval "$l_" </dev/null 2>&3 3>&-;done;done 3>&2 2>/dev/null;}',
    loopFunction,
  ].join(';')
}

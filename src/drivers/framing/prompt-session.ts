import type { CommandResult, RunOptions } from '../../board/command-runner.ts'
import type { Console, Match } from '../../board/console.ts'
import { now } from '../../core/clock.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { afterEcho } from './after-echo.ts'
import { clearLine } from './clear-line.ts'
import {
  garbledError,
  incompleteError,
  noStatusError,
  optionsError,
  tooLongError,
  unprintableError,
  wrongEchoError,
} from './command-errors.ts'
import { CommandSlot } from './command-slot.ts'
import { isTimeout } from '../../core/is-timeout.ts'
import { never } from './never.ts'
import type { PromptDialect } from './prompt-dialect.ts'
import { attempts, bell, enterLine, perCharacterMs, type EchoingPrompt } from './type-line.ts'

/** A bootloader's continuation prompt: it waits for the rest of a command. */
const continuation = /^> $/

/** Silence after which text that looks like a prompt is taken for one, where no mark comes with it. */
const silenceMs = 300

/** A line no longer than this fits whatever the options say, in characters. */
const shortLine = 62

/** No bootloader has a longer line. */
const longestLine = 4096

/** Fewer than any bootloader keeps while it is at something else. */
const fill = 'x'.repeat(64)

interface Answer {
  readonly exitCode: number
  readonly output: string
}

/** Runs commands at a bootloader's prompt. Exists only once the prompt was seen and confirmed. */
export class PromptSession {
  readonly #console: Console
  #dialect: PromptDialect
  readonly #where: string
  readonly #echoing: EchoingPrompt
  readonly #slot: CommandSlot
  #isMeasured = false

  constructor(console: Console, dialect: PromptDialect) {
    this.#console = console
    this.#dialect = dialect
    this.#where = `the ${dialect.name} prompt of ${console.name}`
    this.#slot = new CommandSlot(this.#where, () => this.#winBack())
    this.#echoing = {
      console,
      where: this.#where,
      echoMs: dialect.echoMs,
      clear: (t) => this.#clear(t),
      trouble: { pattern: dialect.restart, onSeen: (match) => this.#restarted(match) },
    }
  }

  /** What is left of the line for a command, in characters. */
  get maximumLine(): number {
    return this.#dialect.maximumLine - this.#dialect.status.suffix.length - 1
  }

  /** What says that a submitted command came back after all. */
  get promptAgain(): RegExp {
    return this.#dialect.status.barePrompt ?? this.#dialect.status.end
  }

  /** See `CommandRunner.run`. */
  async run(command: string, t: Deadline, options: RunOptions = {}): Promise<CommandResult> {
    if (options.env !== undefined || options.cwd !== undefined) throw optionsError(this.#where)
    await this.#check(command, t)
    return this.#slot.run(command, t, async () => {
      const startedAt = now()
      const { exitCode, output } = await this.#exchange(command, t)
      return { command, exitCode, stdout: output, kernelLines: [], durationMs: now() - startedAt }
    })
  }

  /**
   * Runs a command that wants to be talked with before it ends, as one that receives a file.
   * @param talk what is said to it; it has the console until then
   */
  async converse(
    command: string,
    t: Deadline,
    talk: (console: Console) => Promise<void>,
  ): Promise<CommandResult> {
    await this.#check(command, t)
    return this.#slot.run(command, t, async () => {
      const startedAt = now()
      await this.#enter(command + this.#dialect.status.suffix, t)
      await talk(this.#console)
      const { exitCode, output } = await this.#untilEnd(command, (text) => text, t)
      return { command, exitCode, stdout: output, kernelLines: [], durationMs: now() - startedAt }
    })
  }

  /**
   * Sends a command that is not expected to come back. What follows is the caller's to read, on the
   * console that is returned.
   */
  async submit(command: string, t: Deadline): Promise<Console> {
    await this.#check(command, t)
    await this.#slot.run(command, t, () => this.#enter(command, t))
    return this.#console
  }

  /** The board has left the prompt: every later call throws. */
  revoke(reason: string): void {
    this.#slot.revoke(reason)
  }

  /** Hands the line on; this session is over. */
  release(owner: string): Console {
    this.#slot.assertUsable()
    this.revoke(`the line was handed to ${owner}`)
    return this.#console.take(owner)
  }

  /**
   * Finds how many characters the line takes, by filling it: each one too many rings the bell.
   * Done once; until then the dialect's word is taken.
   * @throws HilError `command.garbled` (infrastructure)
   */
  async measureLine(t: Deadline): Promise<void> {
    if (this.#isMeasured) return
    await this.#slot.run('a measurement of the line', t, async () => {
      const maximumLine = (await this.#fillLine(t)) - this.#dialect.spareOfLine
      this.#dialect = { ...this.#dialect, maximumLine }
      this.#isMeasured = true
    })
  }

  /** Filled anew when a character got lost on its way, or a driver of the board has spoken into the line. */
  async #fillLine(t: Deadline): Promise<number> {
    const echoes: string[] = []
    while (echoes.length < attempts) {
      const filled = await this.#fillOnce(t)
      await this.#clear(t)
      if (typeof filled === 'number') return filled
      echoes.push(filled.echo)
    }
    throw garbledError(this.#where, fill, echoes)
  }

  async #fillOnce(t: Deadline): Promise<number | { readonly echo: string }> {
    for (let taken = 0; taken < longestLine; taken += fill.length) {
      const echo = await this.#echoOf(fill, t)
      if (echo === undefined) return { echo: this.#console.lastLines(1)[0] ?? '' }
      if (!echo.endsWith(bell)) continue
      const fitted = echo.slice(0, -bell.length)
      return fill.startsWith(fitted) ? taken + fitted.length : { echo }
    }
    return longestLine
  }

  /** What came for some text, whole or until the bell; `undefined`: not in time. */
  async #echoOf(text: string, t: Deadline): Promise<string | undefined> {
    await this.#console.write(text, t)
    using budget = t.within(this.#dialect.echoMs + text.length * perCharacterMs, 'the echo')
    try {
      const { before, text: end } = await this.#console.expect({ all: text, full: bell }, budget)
      return before + end
    } catch (error) {
      if (!isTimeout(error)) throw error
      t.throwIfOver()
      return undefined
    }
  }

  async #check(command: string, t: Deadline): Promise<void> {
    this.#slot.assertUsable()
    const unprintable = /[^ -~]/u.exec(command)?.[0]
    if (unprintable !== undefined) throw unprintableError(this.#where, command, unprintable)
    if (command.length > this.maximumLine) await this.measureLine(t)
    if (command.length > this.maximumLine) throw tooLongError(this.#where, command, this.maximumLine)
  }

  #enter(line: string, t: Deadline): Promise<string> {
    return enterLine(this.#echoing, line, t)
  }

  /** Where no character can get lost, nor be one too many, the line is sent whole and its echo looked at afterwards. */
  async #exchange(command: string, t: Deadline): Promise<Answer> {
    const line = command + this.#dialect.status.suffix
    if (!this.#console.isLossless || line.length > shortLine) {
      await this.#enter(line, t)
      return this.#untilEnd(command, (text) => text, t)
    }
    await this.#console.write(`${line}\r`, t)
    const withoutEcho = (text: string) => {
      const answer = afterEcho(text, line)
      if (answer === undefined) throw wrongEchoError(this.#where, line, text)
      return answer
    }
    return this.#untilEnd(command, withoutEcho, t)
  }

  /** @param answerIn what the board said -> what of it answers to the command */
  async #untilEnd(command: string, answerIn: (text: string) => string, t: Deadline): Promise<Answer> {
    let output = ''
    for (;;) {
      const match = await this.#untilSomething(t)
      output += match.before
      // What looks like a prompt may be the beginning of a line of output.
      if (match.which !== 'end' && !(await this.#isSilent(t))) {
        output += match.text
        continue
      }
      if (match.which === 'continuation') {
        await this.#clear(t)
        throw incompleteError(this.#where, command)
      }
      const printed = this.#dialect.status.outputOf(answerIn(output))
      // hush leaves the status of the command before in place when it can't parse a line.
      if (isSyntaxError(printed, command)) return { exitCode: 1, output: printed }
      if (match.which === 'end') return { exitCode: Number(match.groups[0]), output: printed }
      return { exitCode: await this.#askStatus(command, printed, t), output: printed }
    }
  }

  /** The prompt came back, but the status did not: a comment swallowed it. */
  async #askStatus(command: string, output: string, t: Deadline): Promise<number> {
    await this.#enter(this.#dialect.status.suffix.slice(1), t)
    const { which, groups } = await this.#untilSomething(t)
    if (which === 'end') return Number(groups[0])
    throw noStatusError(this.#where, command, output)
  }

  async #untilSomething(t: Deadline): Promise<Match<'end' | 'prompt' | 'continuation'>> {
    const { status, restart } = this.#dialect
    const match = await this.#console.expect(
      { restart, end: status.end, prompt: status.barePrompt ?? never, continuation },
      t,
    )
    if (match.which === 'restart') throw this.#restarted(match)
    return { ...match, which: match.which }
  }

  /** Whether nothing more comes for a while. What comes is not consumed. */
  async #isSilent(t: Deadline): Promise<boolean> {
    using budget = t.within(silenceMs, 'silence after what looks like a prompt')
    try {
      await this.#console.expect({ more: /(?=[^])/ }, budget)
      return false
    } catch (error) {
      if (!isTimeout(error)) throw error
      t.throwIfOver()
      return true
    }
  }

  #clear(t: Deadline): Promise<void> {
    return clearLine(this.#console, this.promptAgain, this.#dialect.recoverMs, t)
  }

  /** Back to a prompt that runs a command. The command's own budget is used up: this has its own. */
  async #winBack(): Promise<boolean> {
    using t = startDeadline(this.#dialect.recoverMs, `winning back ${this.#where}`)
    try {
      await this.#clear(t)
      await this.#enter(`true${this.#dialect.status.suffix}`, t)
      await this.#console.expect({ end: this.#dialect.status.end }, t)
      return true
    } catch {
      return false
    }
  }

  #restarted({ text }: Match): HilError {
    const name = this.#console.name
    this.revoke('the board reset itself')
    return new HilError(
      'board.silent-reset',
      `the board ${name} reset by itself while it was at ${this.#where} ("${text.trim()}" came again); a watchdog that nobody feeds there?`,
      { blame: 'board', details: { board: name, banner: text } },
    )
  }
}

/** `syntax error`, or `syntax error: unexpected token ...`, and nothing after it. */
function isSyntaxError(output: string, command: string): boolean {
  return /(?:^|\n)syntax error[^\n]{0,200}\n$/.test(output) && !command.includes('syntax error')
}

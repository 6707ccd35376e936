import type { CommandResult, RunOptions } from '../../board/command-runner.ts'
import type { Console, Match } from '../../board/console.ts'
import { now } from '../../core/clock.ts'
import { isDeadlineExceeded, startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import {
  busyError,
  incompleteError,
  noStatusError,
  optionsError,
  quoteCommand,
  revokedError,
  timeoutError,
  tooLongError,
  unprintableError,
} from './command-errors.ts'
import { clearLine } from './clear-line.ts'
import { isTimeout } from './is-timeout.ts'
import { typeLine, type EchoingPrompt } from './type-line.ts'

/** How a prompt tells the status of the command before it. */
export interface StatusFraming {
  /** Put behind each command. */
  readonly suffix: string
  /** The end of a command, up to the end of the prompt after it; its first group is the status. */
  readonly end: RegExp
  /** The prompt alone, where it may come back without a status; `undefined` where `end` always comes. */
  readonly barePrompt: RegExp | undefined
  /** What stood before `end` -> what the command printed. */
  outputOf(text: string): string
}

export interface PromptDialect {
  /** `barebox`, `U-Boot`. */
  readonly name: string
  readonly status: StatusFraming
  /** The longest line the prompt is known to take, in characters. */
  readonly maximumLine: number
  /** The bootloader starting again, told from its own `version` command. */
  readonly restart: RegExp
  /** See `EchoingPrompt`. */
  readonly echoMs: number
  /** How long Ctrl-C may take to bring back the prompt. */
  readonly recoverMs: number
}

/** A bootloader's continuation prompt: it waits for the rest of a command. */
const continuation = /^> $/

/** Silence after which text that looks like a continuation prompt is taken for one. */
const continuationMs = 300

/** No bootloader has a longer line. */
const longestLine = 4096

/** Matches nothing. */
const never = /(?!)/

/** Runs commands at a bootloader's prompt. Exists only once the prompt was seen and confirmed. */
export class PromptSession {
  readonly #console: Console
  #dialect: PromptDialect
  readonly #where: string
  readonly #echoing: EchoingPrompt
  #revoked: string | undefined
  #running: string | undefined
  #isMeasured = false

  constructor(console: Console, dialect: PromptDialect) {
    this.#console = console
    this.#dialect = dialect
    this.#where = `the ${dialect.name} prompt of ${console.name}`
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

  /** See `CommandRunner.run`. */
  async run(command: string, t: Deadline, options: RunOptions = {}): Promise<CommandResult> {
    await this.#check(command, t)
    if (options.env !== undefined || options.cwd !== undefined) throw optionsError(this.#where)
    return this.#exclusively(command, async () => {
      const startedAt = now()
      try {
        await typeLine(this.#echoing, command + this.#dialect.status.suffix, t)
        await this.#console.write('\r', t)
        const { exitCode, output } = await this.#untilEnd(command, t)
        return { command, exitCode, stdout: output, kernelLines: [], durationMs: now() - startedAt }
      } catch (error) {
        throw await this.#afterFailure(error, command, t)
      }
    })
  }

  /**
   * Types a command that is not expected to come back, and sends it. What follows is the caller's to
   * read, on the console it gets.
   */
  async submit(command: string, t: Deadline): Promise<Console> {
    await this.#check(command, t)
    await this.#exclusively(command, async () => {
      try {
        await typeLine(this.#echoing, command, t)
        await this.#console.write('\r', t)
      } catch (error) {
        throw await this.#afterFailure(error, command, t)
      }
    })
    return this.#console
  }

  /** The console, for reading what a submitted command prints. */
  get console(): Console {
    this.#assertUsable()
    return this.#console
  }

  /** What says that a submitted command came back after all. */
  get promptAgain(): RegExp {
    return this.#dialect.status.barePrompt ?? this.#dialect.status.end
  }

  /** The board has left the prompt: every later call throws. */
  revoke(reason: string): void {
    this.#revoked ??= reason
  }

  /** Hands the line on; this session is over. */
  release(owner: string): Console {
    this.#assertUsable()
    this.revoke(`the line was handed to ${owner}`)
    return this.#console.take(owner)
  }

  /**
   * Finds how many characters the line takes, by filling it: each one too many rings the bell.
   * Done once; until then the dialect's word is taken.
   */
  async measureLine(t: Deadline): Promise<void> {
    if (this.#isMeasured) return
    await this.#exclusively('a measurement of the line', async () => {
      let taken = 0
      const piece = 'x'.repeat(64)
      for (let isFull = false; !isFull && taken < longestLine;) {
        await this.#console.write(piece, t)
        const { which, before } = await this.#console.expect({ all: piece, full: '\x07' }, t)
        isFull = which === 'full'
        taken += isFull ? before.length : piece.length
      }
      await this.#clear(t)
      this.#dialect = { ...this.#dialect, maximumLine: taken }
      this.#isMeasured = true
    })
  }

  async #untilEnd(command: string, t: Deadline): Promise<{ exitCode: number; output: string }> {
    const { status } = this.#dialect
    let output = ''
    for (;;) {
      const match = await this.#console.expect(this.#endings, t)
      output += match.before
      if (match.which === 'restart') throw this.#restarted(match)
      if (match.which === 'continuation') {
        output += match.text
        if (await this.#isSilent(t)) {
          await this.#clear(t)
          throw incompleteError(this.#where, command)
        }
        continue
      }
      const printed = withoutLineEndOfEcho(status.outputOf(output))
      // hush leaves the status of the command before in place when it can't parse a line.
      if (isSyntaxError(printed, command)) return { exitCode: 1, output: printed }
      if (match.which === 'end') return { exitCode: Number(match.groups[0]), output: printed }
      return { exitCode: await this.#askStatus(command, printed, t), output: printed }
    }
  }

  /** The prompt came back, but the status did not: a comment swallowed it. */
  async #askStatus(command: string, output: string, t: Deadline): Promise<number> {
    await typeLine(this.#echoing, this.#dialect.status.suffix.slice(1), t)
    await this.#console.write('\r', t)
    const match = await this.#console.expect(this.#endings, t)
    if (match.which === 'restart') throw this.#restarted(match)
    if (match.which === 'end') return Number(match.groups[0])
    throw noStatusError(this.#where, command, output)
  }

  /** What a command can end in. */
  get #endings() {
    const { status, restart } = this.#dialect
    return { restart, end: status.end, prompt: status.barePrompt ?? never, continuation }
  }

  /** Whether nothing more comes for a while. What comes is not consumed. */
  async #isSilent(t: Deadline): Promise<boolean> {
    using budget = t.within(continuationMs, 'silence after what looks like a continuation prompt')
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
    const { status, recoverMs } = this.#dialect
    return clearLine(this.#console, status.barePrompt ?? status.end, recoverMs, t)
  }

  async #afterFailure(error: unknown, command: string, t: Deadline): Promise<unknown> {
    if (!isTimeout(error)) {
      if (!isHarmless(error))
        this.revoke(`${quoteCommand(command)} failed in a way that leaves the board unknown`)
      return error
    }
    if (t.signal.aborted && !isDeadlineExceeded(t.signal.reason)) return error
    const recovered = await this.#winBack()
    if (!recovered) this.revoke(`${quoteCommand(command)} timed out and Ctrl-C did not bring back the prompt`)
    return timeoutError({ where: this.#where, command, t, recovered, cause: error })
  }

  /** Back to a prompt that runs a command. The command's own budget is used up: this has its own. */
  async #winBack(): Promise<boolean> {
    using t = startDeadline(this.#dialect.recoverMs, `winning back ${this.#where}`)
    try {
      await this.#clear(t)
      await typeLine(this.#echoing, `true${this.#dialect.status.suffix}`, t)
      await this.#console.write('\r', t)
      await this.#console.expect({ end: this.#dialect.status.end }, t)
      return true
    } catch {
      return false
    }
  }

  async #check(command: string, t: Deadline): Promise<void> {
    this.#assertUsable()
    const unprintable = /[^ -~]/u.exec(command)?.[0]
    if (unprintable !== undefined) throw unprintableError(this.#where, command, unprintable)
    if (command.length > this.maximumLine) await this.measureLine(t)
    if (command.length > this.maximumLine) throw tooLongError(this.#where, command, this.maximumLine)
  }

  async #exclusively<T>(command: string, body: () => Promise<T>): Promise<T> {
    this.#assertUsable()
    if (this.#running !== undefined) throw busyError(this.#where, this.#running)
    this.#running = command
    try {
      return await body()
    } finally {
      this.#running = undefined
    }
  }

  #assertUsable(): void {
    if (this.#revoked !== undefined) throw revokedError(this.#where, this.#revoked)
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

/** Errors after which the prompt is there as before. */
function isHarmless(error: unknown): boolean {
  return error instanceof HilError && ['command.garbled', 'command.incomplete'].includes(error.code)
}

/** `syntax error`, or `syntax error: unexpected token ...`, and nothing after it. */
function isSyntaxError(output: string, command: string): boolean {
  return /(?:^|\n)syntax error[^\n]{0,200}\n$/.test(output) && !command.includes('syntax error')
}

/** The CR we sent is echoed as a line end before the command prints anything. */
function withoutLineEndOfEcho(text: string): string {
  return text.startsWith('\n') ? text.slice(1) : text
}

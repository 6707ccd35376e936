import type { Deadline } from '../core/deadline.ts'

/**
 * A pattern for `expect` and `failOn`: a literal string, or a regular expression in which every
 * repeat is bounded (`\d{1,10}`, not `\d+`) and which can't backtrack without limit.
 * `^` is the start of a line and `$` the end of what has arrived, never the end of a line.
 */
export type Pattern = string | RegExp

export interface Match<Name extends string = string> {
  /** The name of the pattern that matched. */
  readonly which: Name
  /** The matched text; control sequences of terminals are taken out before matching. */
  readonly text: string
  /** The capture groups of a regular expression, the first group at index 0. */
  readonly groups: readonly (string | undefined)[]
  /** What had arrived between the end of the last match and this one. */
  readonly before: string
  /**
   * Whether the last time that the terminal was asked where its cursor is (`ESC [ 6 n`: Device Status
   * Report of ECMA-48) came between the last match and the end of this one. busybox asks behind each prompt.
   */
  readonly cursorAsked: boolean
  /** Characters of `before` that had to be dropped because nobody waited for very long; almost always 0. */
  readonly lost: number
  /** When the last byte of the match arrived, in milliseconds of `core/clock.ts`. */
  readonly at: number
}

/**
 * The UART of a board, held by one owner at a time. The line is read from the moment the board is
 * taken until it is released, whether or not anyone waits: `expect` looks at what has arrived
 * since the last match first.
 *
 * A handle is proof of ownership: `take` hands the line on, and every later call on the old handle
 * throws `console.taken`.
 */
export interface Console {
  /** The board's name, and what this console is of it: `rock3a`, `rock3a/secure`. */
  readonly name: string

  /**
   * Whether what is typed is sure to arrive as it is, so that a line can be sent before its echo was
   * seen. No wire is, nor a line that the environment asks to type slowly on.
   */
  readonly isLossless: boolean

  /**
   * Sends text or bytes as they are (no line end is added), paced as the environment says.
   * @throws HilError `console.closed` (infrastructure) when the line is gone
   */
  write(data: string | Uint8Array, t: Deadline): Promise<void>

  /**
   * Sends a break, for which Linux looks as SysRq: the next character is the command.
   * @throws HilError `console.no-break` (environment) for a line that can't; `console.closed` (infrastructure)
   */
  sendBreak(t: Deadline): Promise<void>

  /**
   * Waits for the first of several named patterns. The earliest match in the text wins, then the
   * order written. Text up to the end of the match is consumed, what follows is kept.
   *
   * @throws HilError `console.timeout` (blame board) with the budget chain and what was seen, `console.gap`
   *   (infrastructure) where the line was away since the last match, for a while;
   *   `console.closed` (infrastructure); the error of a `failOn` pattern; `console.pattern` (test)
   *   for a pattern that is not bounded
   */
  expect<const Name extends string>(
    patterns: Readonly<Record<Name, Pattern>>,
    t: Deadline,
  ): Promise<Match<Name>>

  /**
   * Fails every wait on this handle, the one in progress and all later ones, as soon as a line with
   * `pattern` is complete: a panic ends the run now and not at the timeout.
   * Dispose of the result to stop watching.
   */
  failOn(pattern: Pattern, toError: (match: Match) => Error): Disposable

  /**
   * From here on CR LF stays CR LF and is not made LF. Where the terminal does not add the CR (`stty
   * -onlcr`), that tells a kernel message, which always ends in CR LF, from what a program prints.
   * Lasts until the result is disposed of or the line is handed on.
   */
  keepReturns(): Disposable

  /** Drops everything that has arrived and was not consumed (it stays in the log). */
  discard(): void

  /** Hands the line to a new owner; this handle is revoked. @param owner who holds it, for messages */
  take(owner: string): Console

  /** The last lines that arrived, the unfinished one included, oldest first; for messages. */
  lastLines(count: number): readonly string[]
}

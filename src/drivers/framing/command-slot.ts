import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { busyError, quoteCommand, revokedError, timeoutError } from './command-errors.ts'
import { isTimeout } from '../../core/is-timeout.ts'

/** Errors after which the prompt is there as before. */
const harmless: readonly string[] = ['command.garbled', 'command.incomplete', 'command.too-long']

/**
 * The right to run commands at a place, one at a time, until the board leaves it. A handle is proof
 * of a state: what leaves the state unknown takes the right away.
 */
export class CommandSlot {
  readonly #where: string
  readonly #winBack: () => Promise<boolean>
  #revoked: string | undefined
  #running: string | undefined

  /**
   * @param where for messages: `the barebox prompt of rock3a`
   * @param winBack stops what runs and says whether the prompt is back; has its own budget
   */
  constructor(where: string, winBack: () => Promise<boolean>) {
    this.#where = where
    this.#winBack = winBack
  }

  /** The board has left the place: every later call throws. The first reason is kept. */
  revoke(reason: string): void {
    this.#revoked ??= reason
  }

  /** @throws HilError `command.revoked` (test) */
  assertUsable(): void {
    if (this.#revoked !== undefined) throw revokedError(this.#where, this.#revoked)
  }

  /** @throws HilError as `CommandRunner.run` */
  async run<T>(command: string, t: Deadline, body: () => Promise<T>): Promise<T> {
    this.assertUsable()
    if (this.#running !== undefined) throw busyError(this.#where, this.#running)
    this.#running = command
    try {
      return await body()
    } catch (error) {
      throw await this.#afterFailure(error, command, t)
    } finally {
      this.#running = undefined
    }
  }

  async #afterFailure(error: unknown, command: string, t: Deadline): Promise<unknown> {
    if (error instanceof HilError && harmless.includes(error.code)) return error
    const wasCancelled = t.signal.aborted && !isDeadlineExceeded(t.signal.reason)
    if (!isTimeout(error) || wasCancelled) {
      this.revoke(`${quoteCommand(command)} ended in a way that leaves the board unknown`)
      return error
    }
    const recovered = await this.#winBack()
    if (!recovered)
      this.revoke(`${quoteCommand(command)} timed out, and Ctrl-C did not bring back the prompt`)
    return timeoutError({ where: this.#where, command, t, recovered, cause: error })
  }
}

import type { CommandResult, CommandRunner, RunOptions } from '../../board/command-runner.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { toSerializedError } from '../../core/errors.ts'
import type { CommandRan, EmitEvent } from '../../core/events.ts'
import { finishBy } from '../../core/finish-by.ts'

/** Runs commands on one board, one at a time, and tells what they came to. */
export class WatchedCommands {
  readonly #board: string
  readonly #emit: EmitEvent
  #failRunning: ((error: Error) => void) | undefined

  constructor(board: string, emit: EmitEvent) {
    this.#board = board
    this.#emit = emit
  }

  async run(
    where: CommandRan['where'],
    handle: CommandRunner,
    command: string,
    options: RunOptions,
    t: Deadline,
  ): Promise<CommandResult> {
    const startedAt = now()
    const tell = (outcome: Pick<CommandRan, 'exitCode' | 'error'>) => {
      const durationMs = now() - startedAt
      this.#emit({ type: 'command', board: this.#board, where, command, durationMs, ...outcome })
    }
    try {
      const result = await this.guard(handle.run(command, t, options), t)
      tell({ exitCode: result.exitCode })
      return result
    } catch (error) {
      tell({ error: toSerializedError(error) })
      throw error
    }
  }

  /** Work that runs commands, as one: it ends when it is known that no answer will come. */
  async guard<T>(work: Promise<T>, t: Deadline): Promise<T> {
    const failed = new Promise<never>((_resolve, reject) => {
      this.#failRunning = reject
    })
    try {
      return await Promise.race([finishBy(work, t), failed])
    } finally {
      this.#failRunning = undefined
    }
  }

  /** Ends what is under way. */
  fail(error: Error): void {
    this.#failRunning?.(error)
  }
}

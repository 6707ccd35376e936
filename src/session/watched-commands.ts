import type { CommandResult, CommandRunner, RunOptions } from '../board/command-runner.ts'
import { now } from '../core/clock.ts'
import type { Deadline } from '../core/deadline.ts'
import { toSerializedError } from '../core/errors.ts'
import type { CommandRan, EmitEvent } from '../core/events.ts'
import { finishBy } from '../core/finish-by.ts'

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
    const failed = new Promise<never>((_resolve, reject) => {
      this.#failRunning = reject
    })
    try {
      const result = await Promise.race([finishBy(handle.run(command, t, options), t), failed])
      tell({ exitCode: result.exitCode })
      return result
    } catch (error) {
      tell({ error: toSerializedError(error) })
      throw error
    } finally {
      this.#failRunning = undefined
    }
  }

  /** Ends the command under way: it is known that no answer will come. */
  fail(error: Error): void {
    this.#failRunning?.(error)
  }
}

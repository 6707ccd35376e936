import { messageOf } from './errors.ts'

/** What went wrong while undoing. Reported beside the first failure, never in place of it. */
export interface UndoFailure {
  readonly label: string
  readonly error: unknown
}

/**
 * Undo actions, registered *before* the thing they undo is done, and run in reverse order.
 * Every action runs, also after one of them has failed.
 */
export class UndoStack {
  readonly #actions: { label: string; undo: () => unknown }[] = []

  /** @param label what is undone, as in "closing the console" */
  defer(label: string, undo: () => unknown): void {
    this.#actions.push({ label, undo })
  }

  /** Runs all actions, newest first, and returns what failed. Running twice does nothing. */
  async run(): Promise<readonly UndoFailure[]> {
    const failures: UndoFailure[] = []
    for (let action = this.#actions.pop(); action !== undefined; action = this.#actions.pop()) {
      try {
        await action.undo()
      } catch (error) {
        failures.push({ label: action.label, error })
      }
    }
    return failures
  }
}

/** `closing the console: port vanished; ...` */
export function formatUndoFailures(failures: readonly UndoFailure[]): string {
  return failures.map(({ label, error }) => `${label}: ${messageOf(error)}`).join('; ')
}

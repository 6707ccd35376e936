import type { RunEvent } from '../core/events.ts'
import type { Reporter } from './reporter.ts'
import type { RunRecord } from './run-record.ts'
import { RunRecorder } from './run-recorder.ts'

/** A reporter that broke. It gets no more events. */
export interface ReporterFailure {
  readonly reporter: string
  readonly error: unknown
}

/** Hands each event to all reporters. */
export class ReporterMultiplexer {
  readonly #recorder = new RunRecorder()
  readonly #failures: ReporterFailure[] = []
  #reporters: readonly Reporter[]

  constructor(reporters: readonly Reporter[]) {
    this.#reporters = reporters
  }

  get record(): RunRecord {
    return this.#recorder.record
  }

  get failures(): readonly ReporterFailure[] {
    return this.#failures
  }

  /** Never throws. */
  readonly event = (event: RunEvent): void => {
    this.#recorder.add(event)
    for (const reporter of this.#reporters) {
      try {
        reporter.event?.(event, this.record)
      } catch (error) {
        this.#drop(reporter, error)
      }
    }
  }

  /** Lets every reporter finish, also those whose neighbours broke. Never throws. */
  async end(): Promise<readonly ReporterFailure[]> {
    for (const reporter of this.#reporters) {
      try {
        await reporter.end?.(this.record)
      } catch (error) {
        this.#drop(reporter, error)
      }
    }
    return this.#failures
  }

  #drop(reporter: Reporter, error: unknown): void {
    this.#reporters = this.#reporters.filter((other) => other !== reporter)
    this.#failures.push({ reporter: reporter.name, error })
  }
}

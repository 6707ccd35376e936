import type { RunEvent } from '../core/events.ts'
import type { RunRecord } from './run-record.ts'

/** A reader of a run's events. What it throws ends its own work, fails the run and stops no other reader. */
export interface Reporter {
  /** For messages: `junit.xml`. */
  readonly name: string
  /** Called for each event in order, the first being `run-started`. @param record what is known, this event included */
  event?(event: RunEvent, record: RunRecord): void
  /** Called once, after the last event, also when the run was cut off. */
  end?(record: RunRecord): void | Promise<void>
}

import { now } from '../core/clock.ts'
import { HilError, messageOf } from '../core/errors.ts'
import type { EmitEvent, RunEvent } from '../core/events.ts'

/** Somebody who reads the events of a run. */
export interface EventReader {
  /** For messages: `junit.xml`. */
  readonly name: string
  readonly event: (event: RunEvent) => void
}

/** A reader that broke. It gets no more events. */
export interface ReaderFailure {
  readonly reader: string
  readonly error: unknown
}

export interface EventBus {
  readonly emit: EmitEvent
  readonly failures: () => readonly ReaderFailure[]
}

/** Gives events their time, counted from now, and hands each to all readers. One that throws is cut off and remembered; it stops no other. */
export function createEventBus(readers: readonly EventReader[]): EventBus {
  const startedAt = now()
  const failures: ReaderFailure[] = []
  let listening = readers
  return {
    failures: () => failures,
    emit: (body) => {
      const event: RunEvent = { t: now() - startedAt, ...body }
      for (const reader of listening) {
        try {
          reader.event(event)
        } catch (error) {
          listening = listening.filter((other) => other !== reader)
          failures.push({ reader: reader.name, error })
        }
      }
    },
  }
}

/** @returns `undefined` when every reader got everything */
export function readerError(failures: readonly ReaderFailure[]): HilError | undefined {
  if (failures.length === 0) return undefined
  const what = failures.map(({ reader, error }) => `${reader}: ${messageOf(error)}`).join('; ')
  return new HilError('report.broken', `part of the report could not be made: ${what}`, {
    blame: 'hil',
    cause: failures[0]?.error,
  })
}

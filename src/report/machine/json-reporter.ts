import { toEventLine } from '../event-line.ts'
import type { Reporter } from '../reporter.ts'

/** The events as they happen, as in `events.jsonl`. */
export function jsonReporter(write: (text: string) => void): Reporter {
  return {
    name: 'json',
    event(event) {
      write(toEventLine(event))
    },
  }
}

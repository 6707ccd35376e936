import { toEventLine } from '../event-line.ts'
import type { Reporter } from '../reporter.ts'
import { AppendFile } from './append-file.ts'

/** `events.jsonl`: every event, a line each, written as it happens. All other files can be made from it. */
export function eventsFile(path: string): Reporter {
  const file = new AppendFile(path)
  return {
    name: path,
    event(event) {
      file.write(toEventLine(event))
    },
    end() {
      file.close()
    },
  }
}

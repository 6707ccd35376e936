import type { Reporter } from '../reporter.ts'
import type { RunRecord } from '../run-record.ts'

/** Writes once, at the end, what can be told from what is known then. @param name for messages */
export function finalReporter(
  name: string,
  format: (record: RunRecord) => string,
  write: (text: string) => void,
): Reporter {
  return {
    name,
    end(record) {
      write(format(record))
    },
  }
}

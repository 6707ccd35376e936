import { writeFileSync } from 'node:fs'
import type { Reporter } from '../reporter.ts'
import type { RunRecord } from '../run-record.ts'
import { toJunit } from './junit.ts'
import { formatSummary } from './summary.ts'

/** A file written once, at the end of the run, from what is known then. */
export function finalFile(path: string, format: (record: RunRecord) => string): Reporter {
  return {
    name: path,
    end(record) {
      writeFileSync(path, format(record))
    },
  }
}

export function junitFile(path: string): Reporter {
  return finalFile(path, toJunit)
}

export function summaryFile(path: string): Reporter {
  return finalFile(path, formatSummary)
}

/** Not written where the run ended before its environment was known. */
export function environmentFile(path: string): Reporter {
  return {
    name: path,
    event(event) {
      if (event.type === 'environment') writeFileSync(path, event.yaml)
    },
  }
}

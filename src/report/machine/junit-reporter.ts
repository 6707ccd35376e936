import { toJunit } from '../files/junit.ts'
import type { Reporter } from '../reporter.ts'

/** JUnit XML at the end of the run. */
export function junitReporter(write: (text: string) => void): Reporter {
  return {
    name: 'junit',
    end(record) {
      write(toJunit(record))
    },
  }
}

import { verdictOfAttempt } from '../failure.ts'
import type { Reporter } from '../reporter.ts'
import { findTest, type TestRecord } from '../run-record.ts'
import { closingLines, isFailedTest } from './closing.ts'
import { makePaint } from './paint.ts'
import type { Screen } from './screen.ts'

export interface DotReporterOptions {
  readonly screen: Screen
  readonly reportDirectory: string | undefined
}

/** One character a test (`.` passed, `F` failed, `~` flaky, `-` skipped), then the failures. */
export function dotReporter({ screen, reportDirectory }: DotReporterOptions): Reporter {
  const { output } = screen
  const paint = makePaint(output.isColoured)
  const failed: TestRecord[] = []
  return {
    name: 'dot',
    event(event, record) {
      if (event.type !== 'test-ended' || event.willRetry) return
      const test = findTest(record, event.id)?.test
      if (test !== undefined && isFailedTest(test)) failed.push(test)
      const verdict = verdictOfAttempt(event)
      if (verdict === undefined) output.write(paint('cyan', '-'))
      else if (verdict === 'passed') output.write(paint('green', '.'))
      else output.write(verdict === 'flaky' ? paint('yellow', '~') : paint('red', 'F'))
    },
    end(record) {
      output.write('\n')
      output.write(
        closingLines(record, failed, { paint, output, reportDirectory })
          .map((line) => `${line}\n`)
          .join(''),
      )
    },
  }
}

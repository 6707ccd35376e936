import type { RunEvent } from '../../core/events.ts'
import { formatElapsed } from '../format.ts'
import type { Reporter } from '../reporter.ts'
import { findTest, type RunRecord, type TestRecord } from '../run-record.ts'
import { closingLines, isFailedTest } from './closing.ts'
import { LiveView } from './live-view.ts'
import { noteLine } from './note-line.ts'
import { outputLines } from './output-lines.ts'
import { makePaint, type Paint } from './paint.ts'
import type { Screen } from './screen.ts'
import { shownLine } from './shown-text.ts'
import { verdictName } from './tree.ts'

export interface WatchReporterOptions {
  readonly screen: Screen
  readonly reportDirectory: string
  /** Why this run was begun, in few words; empty for the first one. */
  readonly reason: string
}

/** For somebody who changes things and looks up after each: failures in full, and one line for the run. */
export function watchReporter({ screen, reportDirectory, reason }: WatchReporterOptions): Reporter {
  const { output } = screen
  const paint = makePaint(output.isColoured)
  const live = new LiveView(screen, paint)
  const failed: TestRecord[] = []
  let bootMs: number | undefined
  const print = (lines: readonly string[]) => {
    screen.print(lines.map((line) => `${line}\n`).join(''))
  }
  return {
    name: 'watch',
    event(event, record) {
      live.update(record)
      if (isBoot(event)) bootMs = (bootMs ?? 0) + event.durationMs
      if (event.type === 'note') print([noteLine(event, paint)])
      else if (event.type === 'spec-output') print(outputLines(event.text, paint))
      else if (event.type === 'test-ended' && !event.willRetry) {
        const test = findTest(record, event.id)?.test
        if (test !== undefined && isFailedTest(test)) failed.push(test)
      }
    },
    end(record) {
      live.stop()
      const isGood = record.finished?.exitCode === 0
      if (!isGood) print(closingLines(record, failed, { paint, output, reportDirectory }))
      print([verdictLine(record, { paint, bootMs, reason })])
    },
  }
}

interface Circumstances {
  readonly paint: Paint
  readonly bootMs: number | undefined
  readonly reason: string
}

/** `passed: 3 tests in 4.2s (boot 2.9s; changed: Image)` */
function verdictLine({ finished, t }: RunRecord, { paint, bootMs, reason }: Circumstances): string {
  if (finished === undefined) return paint('red', `cut off after ${formatElapsed(t)}`)
  const { verdict, exitCode, counts, durationMs } = finished
  const tests = counts.passed + counts.failed + counts.flaky
  const boot = bootMs === undefined ? 'not booted' : `boot ${formatElapsed(bootMs)}`
  const around = [boot, ...(reason === '' ? [] : [shownLine(reason)])].join('; ')
  const name = paint(exitCode === 0 ? 'green' : 'red', verdictName(verdict))
  return `${name}: ${tests} ${tests === 1 ? 'test' : 'tests'} in ${formatElapsed(durationMs)} ${paint('dim', `(${around})`)}`
}

/** All of the way counts, from power-off to the shell. */
function isBoot(event: RunEvent): event is Extract<RunEvent, { type: 'state-entered' }> {
  return event.type === 'state-entered' && event.by !== 'probe'
}

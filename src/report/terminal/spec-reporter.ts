import { now } from '../../core/clock.ts'
import type { Note } from '../../core/events.ts'
import { plainText } from '../rendered-text.ts'
import type { Reporter } from '../reporter.ts'
import { findTest, type RunRecord, type SpecRecord, type TestRecord } from '../run-record.ts'
import { closingLines, isFailedTest } from './closing.ts'
import { liveStatus } from './live-status.ts'
import { makePaint, type Paint } from './paint.ts'
import type { Screen } from './screen.ts'
import { SpecOrder } from './spec-order.ts'
import { SpecTree } from './tree.ts'

export interface SpecReporterOptions {
  readonly screen: Screen
  /** Where the run leaves its files, as the person would type it. */
  readonly reportDirectory: string | undefined
}

/** The live lines change at most this often, in milliseconds. */
const redrawMs = 100

/**
 * For people: while the run goes on, a live line for each board (on a terminal), then the tree of tests with
 * the durations of their steps, then each failure with all that is known about it.
 */
export function specReporter({ screen, reportDirectory }: SpecReporterOptions): Reporter {
  const { output } = screen
  const paint = makePaint(output.isColoured)
  const trees = new Map<SpecRecord, SpecTree>()
  const failed: TestRecord[] = []
  let last: { record: RunRecord; at: number } | undefined
  let timer: NodeJS.Timeout | undefined

  const print = (lines: readonly string[]) => {
    screen.print(lines.map((line) => `${line}\n`).join(''))
  }
  const order = new SpecOrder()
  const printTest = (id: string, record: RunRecord) => {
    const found = findTest(record, id)
    if (found === undefined) return
    const { spec, test } = found
    const tree = trees.get(spec) ?? new SpecTree(spec, paint)
    trees.set(spec, tree)
    print(tree.addTest(test, isFailedTest(test) ? failed.push(test) : undefined))
  }
  const redraw = () => {
    if (last === undefined) return
    screen.setLive(liveStatus(last.record, last.record.t + now() - last.at, output.columns, paint))
  }

  return {
    name: 'spec',
    event(event, record) {
      last = { record, at: now() }
      if (event.type === 'run-started' && output.isTerminal) timer = setInterval(redraw, redrawMs).unref()
      else if (event.type === 'test-ended' && !event.willRetry) {
        order.show(event.id, record, () => {
          printTest(event.id, record)
        })
      } else if (event.type === 'spec-output') {
        order.show(event.test ?? '', record, () => {
          print(outputLines(event.text, paint))
        })
      } else if (event.type === 'note') print([noteLine(event, paint)])
    },
    end(record) {
      clearInterval(timer)
      screen.setLive([])
      order.end()
      print(closingLines(record, failed, { paint, columns: output.columns, reportDirectory }))
    },
  }
}

function noteLine({ level, board, message }: Note, paint: Paint): string {
  const text = `${board === undefined ? '' : `${plainText(board)}: `}${plainText(message)}`
  if (level === 'info') return paint('dim', text)
  return `${paint(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${text}`
}

/** What a spec printed, behind a bar: it can neither look like a result nor like a command to GitHub. */
function outputLines(text: string, paint: Paint): readonly string[] {
  const lines = plainText(text).replace(/\n$/, '').split('\n')
  return lines.map((line) => `${paint('dim', '    │')} ${line}`)
}

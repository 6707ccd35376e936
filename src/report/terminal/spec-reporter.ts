import { now } from '../../core/clock.ts'
import type { Note } from '../../core/events.ts'
import { plainText } from '../rendered-text.ts'
import type { Reporter } from '../reporter.ts'
import type { RunRecord, SpecRecord, TestRecord } from '../run-record.ts'
import { closingLines, isFailedTest } from './closing.ts'
import { liveStatus } from './live-status.ts'
import { makePaint, type Paint } from './paint.ts'
import type { Screen } from './screen.ts'
import { TestOrder } from './test-order.ts'
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
  const order = new TestOrder((spec, test) => {
    let tree = trees.get(spec)
    if (tree === undefined) trees.set(spec, (tree = new SpecTree(spec, paint)))
    print(tree.addTest(test, isFailedTest(test) ? failed.push(test) : undefined))
  })
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
        const test = record.specs
          .flatMap(({ tests }) => tests)
          .find(({ identity }) => identity.id === event.id)
        if (test !== undefined) order.ended(test, record)
      } else if (event.type === 'spec-output') screen.print(endedLine(plainText(event.text)))
      else if (event.type === 'note') print([noteLine(event, paint)])
    },
    end(record) {
      clearInterval(timer)
      screen.setLive([])
      order.end()
      print(closingLines(record, failed, reportDirectory, paint))
    },
  }
}

function noteLine({ level, board, message }: Note, paint: Paint): string {
  const text = `${board === undefined ? '' : `${plainText(board)}: `}${plainText(message)}`
  if (level === 'info') return paint('dim', text)
  return `${paint(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${text}`
}

function endedLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

import { plainText } from '../rendered-text.ts'
import type { Reporter } from '../reporter.ts'
import { findTest, type RunRecord, type SpecRecord, type TestRecord } from '../run-record.ts'
import { closingLines, isFailedTest } from './closing.ts'
import { LiveView } from './live-view.ts'
import { noteLine } from './note-line.ts'
import { makePaint, type Paint } from './paint.ts'
import type { Screen } from './screen.ts'
import { SpecOrder } from './spec-order.ts'
import { SpecTree } from './tree.ts'

export interface SpecReporterOptions {
  readonly screen: Screen
  /** Where the run leaves its files, as the person would type it. */
  readonly reportDirectory: string | undefined
}

/**
 * For people: while the run goes on, a live line for each board (on a terminal), then the tree of tests with
 * the durations of their steps, then each failure with all that is known about it.
 */
export function specReporter({ screen, reportDirectory }: SpecReporterOptions): Reporter {
  const { output } = screen
  const paint = makePaint(output.isColoured)
  const trees = new Map<SpecRecord, SpecTree>()
  const failed: TestRecord[] = []
  const live = new LiveView(screen, paint)

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
  return {
    name: 'spec',
    event(event, record) {
      live.update(record)
      if (event.type === 'test-ended' && !event.willRetry) {
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
      live.stop()
      order.end()
      print(closingLines(record, failed, { paint, columns: output.columns, reportDirectory }))
    },
  }
}

/** What a spec printed, behind a bar: it can neither look like a result nor like a command to GitHub. */
function outputLines(text: string, paint: Paint): readonly string[] {
  const lines = plainText(text).replace(/\n$/, '').split('\n')
  return lines.map((line) => `${paint('dim', '    │')} ${line}`)
}

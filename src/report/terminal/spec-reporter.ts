import type { BootProof } from '../../core/events.ts'
import type { Reporter } from '../reporter.ts'
import { findTest, type FoundTest, type RunRecord, type SpecRecord, type TestRecord } from '../run-record.ts'
import { closingLines, isFailedTest } from './closing.ts'
import { LiveView } from './live-view.ts'
import { awayLine, backLine, noteLine } from './note-line.ts'
import { proofLine } from './proof-line.ts'
import { outputLines } from './output-lines.ts'
import { makePaint } from './paint.ts'
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
  const live = new LiveView(screen, paint)
  const order = new SpecOrder()
  const trees = new Map<SpecRecord, SpecTree>()
  const failed: TestRecord[] = []

  const print = (lines: readonly string[]) => {
    screen.print(lines.map((line) => `${line}\n`).join(''))
  }
  const treeOf = (spec: SpecRecord) => {
    const tree = trees.get(spec) ?? new SpecTree(spec, paint)
    trees.set(spec, tree)
    return tree
  }
  const showTest = ({ spec, test }: FoundTest) => {
    order.show(spec, () => {
      print(treeOf(spec).addTest(test, isFailedTest(test) ? failed.push(test) : undefined))
    })
  }
  const showOutput = (text: string, found: FoundTest | undefined) => {
    if (found === undefined) print(outputLines(text, paint))
    else {
      order.show(found.spec, () => {
        print(treeOf(found.spec).addOutput(text))
      })
    }
  }

  /** Set apart from the tests of another spec, where those that it is for are still to come. */
  const showProof = (event: BootProof, record: RunRecord) => {
    const line = proofLine(event, paint)
    if (line === undefined) return
    const test = record.boards.find(({ name }) => name === event.board)?.test
    const spec = findTest(record, test?.id)?.spec
    const isShown = spec !== undefined && trees.has(spec)
    print(trees.size === 0 || isShown ? [line] : ['', line])
  }

  return {
    name: 'spec',
    event(event, record) {
      live.update(record)
      if (event.type === 'test-ended' && !event.willRetry) {
        const found = findTest(record, event.id)
        if (found !== undefined) showTest(found)
      } else if (event.type === 'spec-output') showOutput(event.text, findTest(record, event.test))
      else if (event.type === 'note') print([noteLine(event, paint)])
      else if (event.type === 'console-lost') print([awayLine(event, paint)])
      else if (event.type === 'console-back') print([backLine(event, paint)])
      else if (event.type === 'boot-proof') showProof(event, record)
    },
    end(record) {
      live.stop()
      order.end()
      print(closingLines(record, failed, { paint, output, reportDirectory }))
    },
  }
}

import assert from 'node:assert/strict'
import { Arrivals } from '../../../../src/report/html/arrivals.ts'
import { findingNode, placeFindings, type Placed } from '../../../../src/report/html/parts/finding-nodes.ts'
import { RunTimeline, type FoundInKernel } from '../../../../src/report/html/run-timeline.ts'
import { toPageData } from '../../../../src/report/html/to-page-data.ts'
import type { RunEvent } from '../../../../src/core/events.ts'
import type { Part } from '../../../../src/report/run-record.ts'
import { ScriptedRun } from '../script-run.ts'

const warning = [
  '[    1.000000] ------------[ cut here ]------------\r\n',
  '[    1.000001] WARNING: CPU: 0 PID: 1 at lib/test.c:12 test_init+0x10/0x20\r\n',
  '[    1.000002] ---[ end trace 0000000000000000 ]---\r\n',
].join('')

function timelineOf(events: readonly RunEvent[]): RunTimeline {
  const timeline = new RunTimeline()
  for (const event of events) timeline.add(event)
  return timeline
}

function found(t: number): FoundInKernel {
  return {
    board: 'sim',
    t,
    until: t,
    level: 'warning',
    title: `at ${t}`,
    from: 0,
    to: 1,
    lines: [],
    corrupted: undefined,
    excuse: undefined,
  }
}

function step(at: number, durationMs: number, parts: readonly Part[] = []): Part {
  return { kind: 'step', id: `${at}`, title: `step ${at}`, at, durationMs, parts }
}

function shape(placed: readonly Placed[]): readonly unknown[] {
  return placed.map((item) =>
    'part' in item ? [item.part.at, item.findings.map(({ t }) => t)] : item.finding.t,
  )
}

describe('the findings of the kernel in a report', () => {
  it('stand in the step in which they came, or between two', () => {
    const parts = [step(0, 10), step(20, 10)]
    assert.deepEqual(shape(placeFindings(parts, [found(5), found(15), found(25), found(99)])), [
      [0, [5]],
      15,
      [20, [25]],
      99,
    ])
  })

  it('come from the events, with the time at which their first byte came', () => {
    const run = new ScriptedRun().receive('some words\r\n').wait(100).receive(warning).wait(500)
    run.emit({
      type: 'kernel-finding',
      board: 'sim',
      level: 'warning',
      kind: 'warning',
      title: 'WARNING in test_init',
      signature: 'WARNING in test_init',
      offset: 12,
      end: 12 + warning.length,
      lines: ['WARNING'],
    })
    const [board] = timelineOf(run.finish().events).boards
    assert.deepEqual(
      board?.findings.map(({ t, until, title }) => [t, until, title]),
      [[100, 100, 'WARNING in test_init']],
    )
  })

  it('have the lines of the sources that were found for them afterwards', () => {
    const run = new ScriptedRun().receive(warning)
    run.emit({
      ...({ type: 'kernel-finding', board: 'sim', level: 'error', kind: 'bug', signature: 's' } as const),
      ...{ title: 'bad', offset: 0, end: 10, lines: ['WARNING', 'Call trace:', ' foo+0x10/0x20'] },
    })
    const calls = [{ function: 'foo', file: 'lib/<test>.c', line: 12 }]
    run.emit({ type: 'kernel-sources', board: 'sim', offset: 0, sources: [{ line: 2, place: 'foo', calls }] })
    const [finding] = timelineOf(run.events).boards[0]?.findings ?? []
    assert.ok(finding !== undefined)
    assert.match(
      findingNode(finding).text,
      / foo\+0x10\/0x20\n {4}<span class="source">foo at lib\/&#60;test&#62;\.c:12<\/span><\/pre>/,
    )
  })

  it('are read from the console only where the events are too old to tell', () => {
    const { events } = new ScriptedRun().wait(10).receive(warning).finish()
    const old = events.map((event) => (event.type === 'run-started' ? { ...event, eventsVersion: 1 } : event))
    assert.equal(timelineOf(events).boards[0]?.findings.length, 0)
    assert.deepEqual(
      timelineOf(old).boards[0]?.findings.map(({ title }) => title),
      ['WARNING in test_init'],
    )
  })

  it('are no marks on the time axis where they were allowed', () => {
    const finding = {
      type: 'kernel-finding',
      board: 'sim',
      kind: 'warning',
      signature: 's',
      lines: [],
    } as const
    const run = new ScriptedRun().receive(warning)
    run.emit({ ...finding, level: 'info', title: 'allowed', offset: 0, end: 10, excuse: 'known' })
    run.emit({ ...finding, level: 'error', title: 'bad', offset: 20, end: 30 })
    const timeline = timelineOf(run.events)
    assert.deepEqual(
      toPageData(timeline).boards[0]?.marks.map(({ title }) => title),
      ['bad'],
    )
    assert.equal(timeline.boards[0]?.findings.length, 2)
  })
})

describe('the times at which bytes came', () => {
  it('are those of the piece in which they came', () => {
    const arrivals = new Arrivals()
    arrivals.add(10, 100)
    arrivals.add(5, 200)
    assert.deepEqual(
      [0, 9, 10, 14, 99].map((offset) => arrivals.timeOf(offset)),
      [100, 100, 200, 200, 200],
    )
    assert.equal(new Arrivals().timeOf(3), 0)
  })
})

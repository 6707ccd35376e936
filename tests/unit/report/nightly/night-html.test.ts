import assert from 'node:assert/strict'
import type { NightCell, NightRecord } from '../../../../src/core/night-record.ts'
import { nightHtml } from '../../../../src/report/nightly/html/night-html.ts'
import { attemptOf, nightOf } from '../../app/nightly/nights.ts'

/** A board that was well, and one of which no cell was run. */
function night(parts: Partial<NightRecord> = {}): NightRecord {
  const record = nightOf(['well', 'sick'], ['p'], ['one', 'two', 'three'])
  const why = 'sick is out: no power'
  const cells = record.cells.map((cell): NightCell =>
    cell.board === 'sick'
      ? { ...cell, outcome: 'not-run', blame: 'infrastructure', why }
      : {
          ...cell,
          outcome: 'test-failed',
          blame: 'test',
          why: 'a bad day',
          attempts: [attemptOf('test-failed')],
        },
  )
  return { ...record, cells, ...parts }
}

describe('the page of a night', () => {
  const lines = (html: string) =>
    [...html.matchAll(/<li>(.*?)<\/li>/gs)].map(([, line = '']) => line.replaceAll(/<[^>]*>/g, ''))

  it('names each cell that failed, and once why a board was given up', () => {
    assert.deepEqual(lines(nightHtml(night(), {})), [
      'well/p/one test failed, blame: test: a bad day',
      'well/p/two test failed, blame: test: a bad day',
      'well/p/three test failed, blame: test: a bad day',
      'sick/p/one and 2 more not run, blame: infrastructure: sick is out: no power',
    ])
  })

  it('links to what was bisected, and names the commit', () => {
    const bisections = [
      {
        ...{ cell: 'well/p/one', good: 'a'.repeat(40), bad: 'b'.repeat(40) },
        ...{ directory: 'bisections/1', summary: 'the first bad commit was found', culprit: 'Break it' },
      },
    ]
    const html = nightHtml(night({ bisections }), {})
    assert.match(html, /<a href="bisections\/1\/report\.html"><code>well\/p\/one<\/code><\/a>/)
    assert.ok(lines(html).includes('well/p/one: the first bad commit was found (Break it)'))
  })
})

import assert from 'node:assert/strict'
import { mergeHtml } from '../../../src/report/merge/merge-html.ts'
import { mergeRuns, worst, type Overview } from '../../../src/report/merge/merge-runs.ts'
import { mergeText } from '../../../src/report/merge/merge-text.ts'
import { assertionError, makeTest, ScriptedRun, timeoutError } from './script-run.ts'

/** A test passes on one board, fails on the next and was never found on the third; a shard has another spec. */
function shards(): readonly ScriptedRun[] {
  const run = (board: string) => new ScriptedRun({ boards: [board] }).take(board)
  const [left, right, other] = [
    makeTest(['usb', 'has a stick'], { boards: ['left'] }),
    makeTest(['usb', 'has a stick'], { boards: ['right'] }),
    makeTest(['boots'], { boards: ['left'], file: 'tests/other.spec.ts' }),
  ]
  return [
    run('left').load(left).start(left).pass(left).finish(),
    run('right').load(right).start(right).fail(right, assertionError).finish('test-failed'),
    run('left').load(other).start(other).pass(other).finish(),
    run('away').finish('infrastructure-failed', { error: { ...timeoutError, message: 'no power' } }),
  ]
}

function merge(runs: readonly ScriptedRun[]): Overview {
  return mergeRuns(runs.map(({ record }, index) => ({ source: `run-${index + 1}`, record })))
}

describe('the overview of several runs', () => {
  it('has a row for each test and a column for each board, also one that came to no test', () => {
    const { boards, tests } = merge(shards())
    assert.deepEqual(boards, ['away', 'left', 'right'])
    assert.deepEqual(
      tests.map(({ file, title, results }) => [file, title, [...results.keys()]]),
      [
        ['tests/boot.spec.ts', 'usb › has a stick', ['left', 'right']],
        ['tests/other.spec.ts', 'boots', ['left']],
      ],
    )
  })

  it('means the gravest of what they mean, and is no pass where one was cut off', () => {
    assert.equal(merge(shards()).verdict, 'infrastructure-failed')
    assert.equal(merge(shards().slice(0, 2)).verdict, 'test-failed')
    assert.equal(merge([...shards().slice(0, 1), new ScriptedRun()]).verdict, undefined)
    assert.equal(merge(shards().slice(0, 1)).verdict, 'passed')
  })

  it('is a table for terminals', () => {
    const text = mergeText(merge(shards()))
    assert.match(text, /^4 runs on 3 boards: infrastructure failed\n/)
    assert.match(text, /\n +away +left +right\n/)
    assert.match(text, /\n {2}usb › has a stick +✓ 12 ms +✗ test failed\n/)
    assert.match(text, /right: usb › has a stick\n +Expected values to be strictly equal: 1 !== 2/)
    assert.match(text, /run-4: infrastructure failed, 0 ms: no power/)
  })

  it('shows of several results on one board the gravest, and how often', () => {
    const test = makeTest(['boots'])
    const passed = () => new ScriptedRun().load(test).start(test).pass(test).finish()
    const failed = () =>
      new ScriptedRun().load(test).start(test).fail(test, timeoutError).finish('board-failed')
    const overview = merge([passed(), failed(), passed()])
    const results = overview.tests[0]?.results.get('sim') ?? []
    assert.equal(worst(results)?.outcome, 'board-failed')
    assert.match(mergeText(overview), /boots +✗ board failed \(1 of 3\)/)
    assert.equal(overview.counts.failed, 1)
  })

  it('is a page whose cells lead to the moment in the report of their run', () => {
    const html = mergeHtml(merge(shards()), ({ source }) =>
      source === 'run-3' ? undefined : `${source}/report.html`,
    )
    assert.match(html, /<a href="run-2\/report\.html#t=0\.000">/)
    assert.doesNotMatch(html, /run-3\/report\.html/)
    assert.match(html, /Content-Security-Policy" content="default-src &#39;none&#39;; style-src/)
  })

  it('takes nothing that a spec is called for markup', () => {
    const evil = '</title><script>alert(1)</script>'
    const test = makeTest([evil], { boards: [evil], file: evil })
    const run = new ScriptedRun({ boards: [evil] }).load(test).start(test)
    const html = mergeHtml(
      merge([run.fail(test, { ...assertionError, message: evil }).finish()]),
      () => undefined,
    )
    assert.doesNotMatch(html, /<script/)
  })
})

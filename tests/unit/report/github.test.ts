import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { githubReporter } from '../../../src/report/machine/github-reporter.ts'
import { jsonReporter } from '../../../src/report/machine/json-reporter.ts'
import { toMarkdown } from '../../../src/report/machine/markdown-summary.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { memoryOutput } from './memory-output.ts'
import { assertionError, makeTest, ScriptedRun, timeoutError } from './script-run.ts'

async function annotationsOf(run: ScriptedRun, summaryFile?: string): Promise<readonly string[]> {
  const output = memoryOutput()
  await run.play(githubReporter({ write: output.write, summaryFile }))
  return output.text.split('\n').slice(0, -1)
}

describe('the GitHub reporter', () => {
  it('annotates the line of the spec that failed', async () => {
    const test = makeTest(['boot', 'answers'])
    const lines = await annotationsOf(
      new ScriptedRun().load(test).start(test).fail(test, assertionError).finish('test-failed'),
    )
    assert.deepEqual(lines, [
      '::error file=tests/boot.spec.ts,line=9,col=12,title=sim%3A boot › answers::Expected values to be strictly equal:%0A%0A1 !== 2%0A',
    ])
  })

  it('warns of flaky tests, and says why a run failed as a whole', async () => {
    const test = makeTest(['a, b: 100%'])
    const run = new ScriptedRun().load(test).start(test).fail(test, timeoutError, { willRetry: true })
    run.start(test, 2).pass(test, { attempt: 2, verdict: 'flaky' })
    const error = { name: 'HilError', message: 'held', code: 'lock.held', blame: 'infrastructure' } as const
    assert.deepEqual(await annotationsOf(run.finish('infrastructure-failed', { error })), [
      '::warning file=tests/boot.spec.ts,title=sim%3A a%2C b%3A 100%25::flaky: failed, then passed: no prompt within 10 s',
      '::error title=hil%3A lock.held::held',
    ])
  })

  it('appends a summary to the step, of a size that GitHub takes', async () => {
    await using files = await writeFiles({ summary: 'before\n' })
    const tests = Array.from({ length: 20_000 }, (_, index) =>
      makeTest([`test number ${index} with a long title`]),
    )
    const run = new ScriptedRun().load(...tests)
    for (const test of tests) run.start(test).pass(test)
    await annotationsOf(run.finish(), files.path('summary'))
    const summary = readFileSync(files.path('summary'), 'utf8')
    assert.match(summary, /^before\n### hil: sim: passed \(20000 passed/)
    assert.match(summary, /\(cut: the summary was too long\)\n$/)
    assert.ok(Buffer.byteLength(summary) < 1024 * 1024)
  })

  it('lets no title or console break out of the summary', () => {
    const hostile = '</details><script>x</script> | `a` ```` **b** [x](y) @everyone\r\n'
    const test = makeTest([hostile])
    const run = new ScriptedRun().load(test).start(test).receive(hostile)
    const markdown = toMarkdown(
      run.fail(test, { ...timeoutError, message: hostile }).finish('board-failed').record,
    )
    const outside = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    assert.doesNotMatch(outside, /<script|<\/details>.*<\/details>|(?<!\\)@everyone|(?<!\\)\*\*b/)
    assert.match(markdown, /^`````text$/m)
  })
})

describe('the JSON reporter', () => {
  it('writes each event as a line', async () => {
    const output = memoryOutput()
    const run = new ScriptedRun().receive('\x1b[31m\x9b\r\n').finish()
    await run.play(jsonReporter(output.write))
    assert.deepEqual(
      output.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
      run.events,
    )
  })
})

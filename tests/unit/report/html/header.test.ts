import assert from 'node:assert/strict'
import { header } from '../../../../src/report/html/parts/header.ts'
import { makeTest, ScriptedRun } from '../script-run.ts'

function sentenceOf(run: ScriptedRun): string | undefined {
  return /<p class="sentence">(.*?)<\/p>/s.exec(header(run.record, undefined).text)?.[1]
}

describe('the head of a report', () => {
  it('counts the tests of a run', () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().take().load(test).start(test).pass(test).finish()
    assert.equal(sentenceOf(run), '1 passed')
  })

  it('names the state that a boot without tests came to', () => {
    const run = new ScriptedRun({ specs: [] })
      .take()
      .enter('off', 'bootloader', 10)
      .enter('bootloader', 'shell', 10)
    assert.equal(sentenceOf(run.finish()), 'reached shell')
  })
})

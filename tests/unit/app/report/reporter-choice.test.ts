import assert from 'node:assert/strict'
import { parseReporters } from '../../../../src/app/report/reporter-choice.ts'

describe('the choice of reporters', () => {
  it('has a name, and a file where there is one', () => {
    assert.deepEqual(parseReporters(['spec', 'junit=out/a=b.xml']), [
      { name: 'spec', file: undefined },
      { name: 'junit', file: 'out/a=b.xml' },
    ])
  })

  it('lets reporters for people share stdout', () => {
    assert.equal(parseReporters(['spec', 'github']).length, 2)
  })

  for (const [texts, message] of [
    [['sepc'], /no reporter "sepc"; did you mean "spec"\?/],
    [['x'], /no reporter "x"; there are spec, dot, github, json, junit, summary, html, kcidb, asciicast/],
    [['junit='], /--reporter junit= names no file/],
    [['spec', 'junit'], /spec and junit can't share stdout: .*--reporter junit=FILE/],
    [['json', 'json'], /json and json can't share stdout/],
  ] as const) {
    it(`refuses ${texts.join(' and ')}`, () => {
      assert.throws(() => parseReporters(texts), { code: 'cli.reporter', blame: 'environment', message })
    })
  }
})

import assert from 'node:assert/strict'
import type { Pattern } from '../../../src/board/console.ts'
import { PatternSet } from '../../../src/console/pattern-set.ts'

function find(patterns: Record<string, Pattern>, text: string, from = 0) {
  return new PatternSet(patterns).find(text, from)
}

describe('console patterns', () => {
  it('the earliest match wins, whatever the order written', () => {
    assert.equal(find({ late: 'two', early: 'one' }, 'one two')?.which, 'early')
  })

  it('at the same place the order written decides', () => {
    assert.equal(find({ short: 'ab', long: 'abc' }, 'abc')?.which, 'short')
    assert.equal(find({ long: 'abc', short: 'ab' }, 'abc')?.which, 'long')
  })

  it('keeps the order written between patterns of different flags', () => {
    assert.equal(find({ second: /AB/i, first: 'ab' }, 'xab')?.which, 'second')
    assert.equal(find({ first: 'ab', second: /AB/i }, 'xab')?.which, 'first')
  })

  it('gives each pattern its own groups', () => {
    const hit = find({ a: /(x)(y)?/, b: /Linux version (\S{1,80}) \(/ }, 'Linux version 6.1.0 (gcc)')
    assert.equal(hit?.which, 'b')
    assert.deepEqual(hit.groups, ['6.1.0'])
  })

  it('takes named groups as plain ones', () => {
    assert.deepEqual(find({ a: /v(?<major>\d{1,3})\.(?<minor>\d{1,3})/ }, 'v6.17')?.groups, ['6', '17'])
  })

  it('treats strings as literal text', () => {
    assert.equal(find({ prompt: '=> (a.b) [$?]/' }, 'x => (a.b) [$?]/')?.text, '=> (a.b) [$?]/')
  })

  it('anchors ^ at the start of a line and $ at the end of all that has arrived', () => {
    assert.equal(find({ prompt: /^=> $/ }, 'done\n=> ')?.index, 5)
    assert.equal(find({ prompt: /^=> $/ }, 'x => '), undefined)
    assert.equal(find({ prompt: /^=> $/ }, '=> \nmore'), undefined)
  })

  it('leaves an escaped or bracketed ^ and $ alone', () => {
    assert.equal(find({ a: /\^[$^]\$/ }, 'a^$$b')?.text, '^$$')
  })

  const refused: [RegExp, RegExp][] = [
    [/foo.*/, /repeats without a limit at "\.\*": write \.\{0,80\}/],
    [/\d+ blocks/, /repeats without a limit at "\\d\+": write \\d\{1,80\}/],
    [/x{2,}/, /without a limit/],
    [/(a)\1/, /refers back/],
    [/(?:a{1,50}){1,50}b/, /more than 10000 ways/],
    [/.{0,200}x.{0,200}y/, /more than 10000 ways/],
    [/a{20000}/, /can match 20000 characters/],
  ]
  for (const [pattern, message] of refused) {
    it(`refuses ${String(pattern).slice(0, 40)}`, () => {
      assert.throws(
        () => new PatternSet({ p: pattern }),
        (error: Error & { code?: string; blame?: string }) => {
          assert.equal(error.code, 'console.pattern')
          assert.equal(error.blame, 'test')
          assert.match(error.message, message)
          return true
        },
      )
    })
  }

  it('says how far back a pattern reaches, lookaround included', () => {
    assert.equal(new PatternSet({ a: /(?<=ab)c{1,3}(?=de)/ }).reach, 7)
  })
})

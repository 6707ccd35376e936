import assert from 'node:assert/strict'
import fc from 'fast-check'
import { align } from '../../../../src/report/diff/align.ts'

function common(a: string, b: string): string {
  return align([...a], [...b])
    .map(([index]) => a[index])
    .join('')
}

describe('the alignment of two lists', () => {
  it('keeps what both have, in order', () => {
    assert.equal(common('abcdef', 'abxdef'), 'abdef')
    assert.equal(common('abc', 'xyz'), '')
    assert.equal(common('', 'abc'), '')
    assert.equal(common('xaabbx', 'aabb'), 'aabb')
  })

  it('holds to what is unique in both before it looks at what repeats', () => {
    assert.equal(common('}}A}}B}}', '}B}}A}}}').replaceAll('}', '').length, 1)
  })

  it('pairs only what is the same, each once, and both sides rise', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 60 })
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const pairs = align(a, b)
        for (const [index, [inA, inB]] of pairs.entries()) {
          assert.equal(a[inA], b[inB])
          const before = pairs[index - 1]
          assert.ok(before === undefined || (before[0] < inA && before[1] < inB))
        }
      }),
    )
  })

  it('finds a list in itself whole', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 200 })
    fc.assert(fc.property(letters, (list) => align(list, list).length === list.length))
  })

  it('takes seconds at most for a hundred thousand lines that are all alike, or all others', () => {
    const count = 100_000
    const lists = [
      [
        Array.from({ length: count }, (_, n) => `${n % 3}`),
        Array.from({ length: count }, (_, n) => `${n % 2}`),
      ],
      [Array.from({ length: count }, (_, n) => `a${n}`), Array.from({ length: count }, (_, n) => `b${n}`)],
      [
        Array.from({ length: count }, (_, n) => `${n}`),
        Array.from({ length: count }, (_, n) => `${count - n}`),
      ],
    ] as const
    for (const [a, b] of lists) {
      const started = performance.now()
      align(a, b)
      assert.ok(performance.now() - started < 3000)
    }
  })
})

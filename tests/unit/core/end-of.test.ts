import assert from 'node:assert/strict'
import { endOf } from '../../../src/core/end-of.ts'

describe('What a program said, in a sentence', () => {
  it('is all of it where that is short, and its end where it is not', () => {
    assert.equal(endOf('  cannot open\n'), 'cannot open')
    assert.equal(endOf(''), '')
    const long = endOf(`${'progress\n'.repeat(100_000)}no space left on device\n`)
    assert.ok(long.length <= 2003, `${long.length} characters`)
    assert.match(long, /^\.\.\..*\nno space left on device$/s)
  })
})

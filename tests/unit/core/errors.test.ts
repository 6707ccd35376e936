import assert from 'node:assert/strict'
import { messageOf, toSerializedError } from '../../../src/core/errors.ts'

describe('an error as plain data', () => {
  function compared(check: () => void) {
    try {
      check()
    } catch (error) {
      const { expected, actual } = toSerializedError(error)
      return { expected, actual }
    }
    throw new Error('nothing was thrown')
  }

  it('has what an assertion compared as a person would write it', () => {
    assert.deepEqual(
      compared(() => assert.match('6.1.0', /^7/)),
      { expected: '/^7/', actual: '6.1.0' },
    )
    assert.deepEqual(
      compared(() => assert.deepEqual(new Map([['a', 1n]]), { b: [undefined] })),
      { expected: '{ b: [ undefined ] }', actual: "Map(1) { 'a' => 1n }" },
    )
  })

  it('has the sentence of whatever was thrown', () => {
    assert.equal(messageOf({ code: 'EIO' }), "{ code: 'EIO' }")
    assert.equal(toSerializedError('as text').message, 'Thrown: as text')
  })
})

import assert from 'node:assert/strict'
import { shellWords } from '../../../../src/environment/labgrid/shell-words.ts'

describe('The words of a command', () => {
  for (const [text, words] of [
    ['pdu on  3', ['pdu', 'on', '3']],
    [`sh -c 'echo "$1"' x`, ['sh', '-c', 'echo "$1"', 'x']],
    [String.raw`a\ b "c \" \d" ''`, ['a b', String.raw`c " \d`, '']],
    ['one"two"three\n', ['onetwothree']],
    ['', []],
  ] as const) {
    it(`are those that Python's shlex finds in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(shellWords(text), words)
    })
  }

  it('are none where a quote is not closed', () => {
    assert.equal(shellWords('echo "on'), undefined)
    assert.equal(shellWords('echo on\\'), undefined)
  })
})

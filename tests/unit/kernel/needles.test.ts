import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Needles } from '../../../src/kernel/lines/needles.ts'

/** The words found in a text with where they end, by the automaton. */
function search(words: readonly string[], text: string): string[] {
  const needles = new Needles(words)
  let state = 0
  const found: string[] = []
  for (const [at, byte] of Buffer.from(text).entries()) {
    state = needles.next[(state << 8) | byte] ?? 0
    for (const word of needles.foundIn(state)) if (word >= 0) found.push(`${at + 1} ${words[word]}`)
  }
  return found.sort()
}

/** The same by looking for each word at every place. */
function searchPlainly(words: readonly string[], text: string): string[] {
  const found: string[] = []
  for (const word of words) {
    for (let at = 0; at < text.length; at++) {
      if (text.startsWith(word, at)) found.push(`${at + word.length} ${word}`)
    }
  }
  return found.sort()
}

describe('the search for many words at once', () => {
  it('finds words inside and at the end of others', () => {
    assert.deepEqual(search(['BUG:', 'DEBUG:', 'BUG: soft'], 'DEBUG: BUG: soft'), [
      '11 BUG:',
      '16 BUG: soft',
      '6 BUG:',
      '6 DEBUG:',
    ])
  })

  it('finds what a plain search finds', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 60 })
    fc.assert(
      fc.property(fc.uniqueArray(letters, { minLength: 1, maxLength: 8 }), text, (words, searched) => {
        assert.deepEqual(search(words, searched), searchPlainly(words, searched))
      }),
    )
  })
})

import assert from 'node:assert/strict'
import type { Console } from '../../../../src/board/console.ts'
import { noPromptError } from '../../../../src/drivers/bootloader/no-prompt.ts'

describe('A bootloader whose prompt does not come', () => {
  const after = (...lines: readonly string[]) => {
    const console = { name: 'rock3a', lastLines: () => lines } as unknown as Console
    return noPromptError(console, 'barebox', ' in time')
  }

  it('is the fault of the board, which is told with what it said', () => {
    const { blame, message } = after('Board: ROCK 3A', 'mmc0: failed')
    assert.equal(blame, 'board')
    assert.match(
      message,
      /^no barebox prompt on rock3a in time; the console said last:\n {2}Board: ROCK 3A\n/,
    )
    assert.equal(after().blame, 'board')
  })

  it('is the fault of the bench where what came is no text', () => {
    const { blame, message } = after('ba\uFFFDe\uFFFDox 2026.06', 'Boa\uFFFDd: RO\uFFFDK 3A')
    assert.equal(blame, 'infrastructure')
    assert.match(message, /garbled, so check its baud rate and its cable/)
  })

  it('is still the fault of the board where a letter or two could not be decoded', () => {
    assert.equal(after('Modell: Pr\uFFFDfstand').blame, 'board')
    assert.equal(after('\uFFFD\uFFFD\uFFFD', ...Array<string>(8).fill('x'.repeat(60))).blame, 'board')
  })
})

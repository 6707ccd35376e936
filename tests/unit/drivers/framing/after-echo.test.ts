import assert from 'node:assert/strict'
import { afterEcho } from '../../../../src/drivers/framing/after-echo.ts'

const message = "WARNING: poller: 'net' takes unexpectedly long: 12ms\n"

describe('what comes behind an echo', () => {
  it('is everything behind the line end', () => {
    assert.equal(afterEcho('echo a\na\n', 'echo a'), 'a\n')
    assert.equal(afterEcho('\n', ''), '')
  })

  it('is found wherever a driver speaks, once or twice', () => {
    const echo = 'echo a\n'
    for (let first = 0; first < echo.length; first++) {
      for (let second = first; second < echo.length; second++) {
        const text = [echo.slice(0, first), echo.slice(first, second), echo.slice(second)].join(message)
        assert.equal(afterEcho(`${text}a\n`, 'echo a'), 'a\n', text)
      }
    }
  })

  it('is found when what a driver says begins like the rest of the echo', () => {
    assert.equal(afterEcho('ec' + 'hollow words\n' + 'ho a\na\n', 'echo a'), 'a\n')
  })

  it('is not there when a character is missing, is another, or came twice', () => {
    for (const echo of ['eco a', 'ecxo a', 'echho a', 'echo', '']) {
      assert.equal(afterEcho(`${echo}\na\n`, 'echo a'), undefined, echo)
    }
  })
})

import assert from 'node:assert/strict'
import { parseMemorySize } from '../../../src/core/memory-size.ts'

describe('A size of memory', () => {
  it('is in MiB without a unit, as QEMU has it', () => {
    const sizes = {
      '1024': 2 ** 30,
      '512M': 2 ** 29,
      '2G': 2 ** 31,
      '1.5 GiB': 1.5 * 2 ** 30,
      '256mb': 2 ** 28,
    }
    for (const [text, bytes] of Object.entries(sizes)) assert.equal(parseMemorySize(text), bytes, text)
  })

  it('is nothing else', () => {
    for (const text of ['', '0', '-1', 'lots', '2T', '1024,slots=2']) {
      assert.equal(parseMemorySize(text), undefined, text)
    }
  })
})

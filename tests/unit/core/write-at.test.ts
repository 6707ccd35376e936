import assert from 'node:assert/strict'
import type { FileHandle } from 'node:fs/promises'
import { writeAt } from '../../../src/core/write-at.ts'

describe('Bytes for a place in a file', () => {
  it('are all written where the system takes a few at once', async () => {
    const content = Buffer.alloc(12, '.')
    const file = {
      write(bytes: Uint8Array, offset: number, length: number, position: number) {
        const bytesWritten = Math.min(3, length)
        content.set(bytes.subarray(offset, offset + bytesWritten), position)
        return Promise.resolve({ bytesWritten, buffer: bytes })
      },
    }
    await writeAt(file as unknown as FileHandle, Buffer.from('ten bytes.'), 2)
    assert.equal(content.toString(), '..ten bytes.')
  })
})

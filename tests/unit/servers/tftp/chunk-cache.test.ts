import assert from 'node:assert/strict'
import { truncate } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { PublishedFile } from '../../../../src/servers/tftp/published-file.ts'
import { SharedFile } from '../../../../src/servers/tftp/shared-file.ts'
import { writeFiles } from '../../../support/environment-files.ts'

const size = 1_000_000
const content = Buffer.from(Array.from({ length: size }, (_, index) => index >> 9))

describe('A file that many read at once', () => {
  it('is read in parts, which are in memory once for all of them', async () => {
    await using files = await writeFiles({ Image: content })
    const shared = new SharedFile(await PublishedFile.publish(files.path('Image')))
    const readers = await Promise.all(Array.from({ length: 50 }, () => shared.acquire()))
    const before = process.memoryUsage().arrayBuffers
    const [first] = readers
    assert.ok(first !== undefined && readers.every((reader) => reader === first))
    const part = Buffer.alloc(1432)
    for (let offset = 0; offset < size; offset += part.length) {
      const length = Math.min(part.length, size - offset)
      for (const reader of readers) {
        while (!reader.copy(offset, length, part, 0)) await reader.load(offset, length)
      }
      assert.ok(part.subarray(0, length).equals(content.subarray(offset, offset + length)))
    }
    for (const reader of readers) await shared.release(reader)
    const held = process.memoryUsage().arrayBuffers - before
    assert.ok(held < 2 * size, `${held} bytes are held`)
  })

  it('is read ahead of who reads it', async () => {
    await using files = await writeFiles({ Image: content })
    const shared = new SharedFile(await PublishedFile.publish(files.path('Image')))
    const reader = await shared.acquire()
    const part = Buffer.alloc(10)
    await reader.load(0, 10)
    assert.ok(reader.copy(0, 10, part, 0))
    while (!reader.copy(1 << 17, 10, part, 0)) await setImmediate()
    await shared.release(reader)
  })

  it('is closed by the last, and opened anew by the next', async () => {
    await using files = await writeFiles({ Image: content })
    const shared = new SharedFile(await PublishedFile.publish(files.path('Image')))
    const first = await shared.acquire()
    const second = await shared.acquire()
    await shared.release(first)
    await second.load(0, 10)
    await shared.release(second)
    await assert.rejects(second.load(500_000, 10))
    const third = await shared.acquire()
    assert.notEqual(third, first)
    await third.load(0, 10)
    await shared.release(third)
  })

  it('says that it was cut off, to whoever needs what is missing', async () => {
    await using files = await writeFiles({ Image: content })
    const shared = new SharedFile(await PublishedFile.publish(files.path('Image')))
    const reader = await shared.acquire()
    await truncate(files.path('Image'), 1000)
    await assert.rejects(reader.load(size - 10, 10), { code: 'tftp.file-changed', blame: 'payload' })
    await shared.release(reader)
    await assert.rejects(shared.acquire(), { code: 'tftp.file-changed' })
  })
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { decompressMember, gzipInPieces } from '../../../src/codecs/compression/index.ts'
import { describeWith } from '../../support/requirements.ts'
import { runTool } from './oracle.ts'

/** Like a kernel: it repeats itself, also across the borders of pieces. */
function content(size: number): Buffer {
  const words = Array.from({ length: 997 }, (_, n) => createHash('md5').update(`${n}`).digest())
  const bytes = Buffer.alloc(size)
  for (let at = 0, n = 1; at < size; at += 16, n = (n * 31 + at) % 997) words[n]?.copy(bytes, at)
  return bytes
}

async function pack(bytes: Uint8Array, chunkSize: number, level = 6): Promise<Buffer> {
  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, memory is not
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  }
  return Buffer.concat(await gzipInPieces(chunks(), bytes.length, level))
}

const mebibyte = 1 << 20

describe('gzip in pieces', () => {
  for (const size of [1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte, 3 * mebibyte + 12345]) {
    it(`gives one member that unpacks to the same ${size} bytes`, async () => {
      const bytes = content(size)
      const packed = await pack(bytes, 65536)
      const { data, consumed } = await decompressMember('gzip', Buffer.concat([packed, packed]), 8 << 20)
      assert.ok(bytes.equals(data))
      assert.equal(consumed, packed.length)
      assert.ok(bytes.equals(gunzipSync(packed)))
    })
  }

  it('gives the same bytes however the content comes', async () => {
    const bytes = content(2.5 * mebibyte)
    const expected = await pack(bytes, 65536)
    for (const chunkSize of [1000, mebibyte, 4 * mebibyte]) {
      assert.ok(expected.equals(await pack(bytes, chunkSize)), `in chunks of ${chunkSize}`)
    }
  })

  it('costs less than a thousandth of the size that one stream has', async () => {
    const bytes = content(4 * mebibyte)
    assert.ok((await pack(bytes, 65536)).length < gzipSync(bytes, { level: 6 }).length * 1.001)
  })

  describeWith(['gzip'], 'for gzip itself', () => {
    it('is sound', async () => {
      const bytes = content(2.5 * mebibyte)
      for (const level of [1, 6, 9]) {
        const unpacked = runTool('gzip', ['-dc'], { input: await pack(bytes, 65536, level) })
        assert.ok(bytes.equals(unpacked))
      }
    })
  })
})

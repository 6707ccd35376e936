import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { memberLength, type Compression } from '../../../src/codecs/compression/index.ts'
import { HilError } from '../../../src/core/errors.ts'
import { fuzzRuns } from '../../support/fuzz/runs.ts'

const magics: Partial<Record<Compression, string>> = {
  zstd: '28b52ffd',
  xz: 'fd377a585a000001',
  lz4: '02214c18',
  lzo: '894c5a4f000d0a1a0a1040',
  bzip2: '425a6839',
}

/** What a member of nothing is: the header, the mark of its end, and a checksum of 0. */
const emptyBzip2 = Buffer.from('425a683917724538509000000000', 'hex')

describe('the length of a compressed member', () => {
  it('of bzip2 costs what the member costs, not what follows it', () => {
    const members = Buffer.concat(Array<Buffer>(100_000).fill(emptyBzip2))
    let at = 0
    for (; at < members.length; at += memberLength('bzip2', members.subarray(at)) ?? NaN);
    assert.equal(at, members.length)
  })

  it('of xz is refused soon where nearly every byte could be its end', () => {
    const footer = Buffer.alloc(12)
    const size = 1 << 20
    const bytes = Buffer.concat([Buffer.from('fd377a585a000001', 'hex'), Buffer.alloc(size)])
    for (let at = size / 2; at + 12 < size; at += 12) {
      footer.writeUInt32LE(Math.floor((at - 24) / 4), 4)
      footer.writeUInt16BE(0x0001, 8)
      footer.write('YZ', 10)
      footer.writeUInt32LE(crc32(footer.subarray(4, 10)), 0)
      footer.copy(bytes, at)
    }
    assert.throws(() => memberLength('xz', bytes), { code: 'compression.truncated' })
  })

  for (const [compression, magic] of Object.entries(magics)) {
    it(`of ${compression} is within the bytes, or refused, whatever follows the magic`, () => {
      const rest = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.constantFrom(0, 1, 0x59, 0x5a, 0xff), { maxLength: 200 }),
      )
      fc.assert(
        fc.property(rest, (tail) => {
          const bytes = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.from(tail)])
          try {
            const length = memberLength(compression as Compression, bytes)
            assert.ok(
              length !== undefined && length > 0 && length <= bytes.length,
              `${length} of ${bytes.length}`,
            )
          } catch (error) {
            assert.ok(error instanceof HilError && error.code === 'compression.truncated', String(error))
          }
        }),
        { numRuns: fuzzRuns({ usual: 300, share: 0.01 }) },
      )
    })
  }
})

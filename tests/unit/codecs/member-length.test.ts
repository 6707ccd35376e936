import assert from 'node:assert/strict'
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

describe('the length of a compressed member', () => {
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

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestFile } from '../../../src/core/digest-file.ts'

describe('The digest of a file', () => {
  it('holds size, SHA-256 and CRC-32 of all its bytes', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    try {
      // The check value of CRC-32/ISO-HDLC, and FIPS 180-2's one million times "a".
      await writeFile(join(directory, 'check'), '123456789')
      await writeFile(join(directory, 'a'), 'a'.repeat(1_000_000))
      assert.equal((await digestFile(join(directory, 'check'))).crc32, 0xcbf43926)
      const { size, sha256 } = await digestFile(join(directory, 'a'))
      assert.equal(size, 1_000_000)
      assert.equal(sha256, 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0')
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})

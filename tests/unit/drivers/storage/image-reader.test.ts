import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HilError } from '../../../../src/core/errors.ts'
import { openImage, type ImageReader } from '../../../../src/drivers/storage/image-reader.ts'
import { describeWith } from '../../../support/requirements.ts'

describeWith(['xz', 'zstd'], 'An image that can not be read', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hil-image-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true })
  })

  const readAll = async (reader: ImageReader) => {
    for await (const bytes of reader.read(0, 1024)) assert.ok(bytes.length > 0)
  }

  const isUnreadable = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof HilError, String(error))
    assert.deepEqual([error.code, error.blame], ['storage.image', 'payload'])
    assert.match(error.message, message)
    return true
  }

  for (const name of ['card.img', 'card.img.gz']) {
    it(`is told of as such: ${name} is a directory`, async () => {
      const file = join(directory, name)
      mkdirSync(file)
      const reader = await openImage(file)
      // A part of the disk may be prepared first.
      await assert.rejects(readFile(file))
      await assert.rejects(readAll(reader), isUnreadable(/it is a directory/))
      await reader.close()
    })
  }

  for (const [name, program] of [
    ['card.img.xz', 'xz'],
    ['card.img.zst', 'zstd'],
  ] as const) {
    it(`is told of when it is read, and not before: ${name} is not packed`, async () => {
      const file = join(directory, name)
      writeFileSync(file, 'plain words')
      const reader = await openImage(file)
      // By the time that another has ended, that of the reader as a rule has, too.
      await assert.rejects(promisify(execFile)(program, ['-dc', file]))
      await assert.rejects(readAll(reader), isUnreadable(/card\.img/))
      await reader.close()
    })
  }
})

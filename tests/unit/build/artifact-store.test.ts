import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { copyFile, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ArtifactStore } from '../../../src/build/artifact-store.ts'
import { changedInputs, recordInputs } from '../../../src/build/input-records.ts'
import type { HilError } from '../../../src/core/errors.ts'
import { writeFiles } from '../../support/environment-files.ts'

describe('the store of artifacts', () => {
  /** Makes the artifact of one file as a payload does. */
  async function build(directory: string, input: string, make = (path: string) => copyFile(input, path)) {
    const store = await ArtifactStore.open(join(directory, 'out'))
    const produced = await store.produce('Image', { settings: 1, inputs: [input] }, make)
    await store.close(new Set(['Image']))
    return { ...produced, text: await readFile(produced.path, 'utf8') }
  }

  it('makes nothing again while its files are the same', async () => {
    await using files = await writeFiles({ Image: 'one' })
    await build(files.directory, files.path('Image'))
    assert.equal((await build(files.directory, files.path('Image'))).isReused, true)
  })

  it('sees another content of the same size and time', async () => {
    await using files = await writeFiles({ Image: 'one' })
    const then = new Date(1_700_000_000_000)
    await utimes(files.path('Image'), then, then)
    await build(files.directory, files.path('Image'))
    await writeFile(files.path('Image'), 'two')
    await utimes(files.path('Image'), then, then)
    assert.equal((await build(files.directory, files.path('Image'))).text, 'two')
  })

  it('takes a file that was only touched for what it is', async () => {
    await using files = await writeFiles({ Image: 'one' })
    await build(files.directory, files.path('Image'))
    await utimes(files.path('Image'), new Date(), new Date())
    assert.equal((await build(files.directory, files.path('Image'))).isReused, true)
  })

  it('refuses what was written to while it was read, and makes it anew afterwards', async () => {
    await using files = await writeFiles({ Image: 'half' })
    const input = files.path('Image')
    const underWay = build(files.directory, input, async (path) => {
      await copyFile(input, path)
      await writeFile(input, 'whole')
    })
    await assert.rejects(underWay, (error: HilError) => {
      assert.equal(error.code, 'payload.changed-meanwhile')
      assert.equal(error.blame, 'payload')
      assert.match(error.message, /Image was written to while the payload was made of it/)
      return true
    })
    // Even where the file then is again what it was before.
    await writeFile(input, 'half')
    assert.deepEqual((await build(files.directory, input)).isReused, false)
  })
})

describe('what is known of files', () => {
  it('does not miss a second write within the same tick of the clock', async () => {
    await using files = await writeFiles({ Image: '' })
    const path = files.path('Image')
    for (let round = 0; round < 100; round++) {
      writeFileSync(path, 'a')
      const before = await recordInputs([path], {})
      writeFileSync(path, 'b')
      assert.deepEqual(changedInputs(before, await recordInputs([path], before)), [path])
    }
  })

  it('names those that are new, gone or different, and no others', async () => {
    await using files = await writeFiles({ a: '1', b: '2', c: '3' })
    const before = await recordInputs([files.path('a'), files.path('b'), files.path('c')], {})
    await writeFile(files.path('b'), '4')
    await writeFile(files.path('d'), '5')
    const now = await recordInputs([files.path('b'), files.path('c'), files.path('d')], before)
    assert.deepEqual(
      changedInputs(before, now),
      ['a', 'b', 'd'].map((name) => files.path(name)),
    )
  })
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withWorkDirectory } from '../../../scripts/setup/work-directory.mjs'

describe('a work directory', () => {
  let root = ''
  let target = ''

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hil-test-'))
    target = join(root, 'cache', 'kernel')
  })
  afterEach(() => rm(root, { recursive: true }))

  it('lies beside its target and leaves only what was renamed to it', async () => {
    await withWorkDirectory(target, async (work) => {
      await mkdir(join(work, 'result'))
      await writeFile(join(work, 'rest'), '')
      await rename(join(work, 'result'), target)
    })
    assert.deepEqual(await readdir(join(root, 'cache')), ['kernel'])
  })

  it('goes when the work fails', async () => {
    const work = withWorkDirectory(target, () => Promise.reject(new Error('no network')))
    await assert.rejects(work, /no network/)
    assert.deepEqual(await readdir(join(root, 'cache')), [])
  })

  it('goes when the next process finds that the one before was killed, while that of a living one stays', async () => {
    const dead = spawnSync('true').pid
    await mkdir(join(root, 'cache', `.kernel.${dead}`, 'half'), { recursive: true })
    await mkdir(join(root, 'cache', `.kernel.${process.ppid}`))
    await withWorkDirectory(target, () => Promise.resolve())
    assert.deepEqual(await readdir(join(root, 'cache')), [`.kernel.${process.ppid}`])
  })
})

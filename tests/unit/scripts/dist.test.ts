import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stampOf } from '../../../scripts/setup/dist.mjs'

describe('the stamp of the sources', () => {
  let root = ''

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hil-test-'))
    await mkdir(join(root, 'src', 'core'), { recursive: true })
    await writeFile(join(root, 'src', 'core', 'a.ts'), 'export {}')
    await writeFile(join(root, 'tsconfig.json'), '{}')
  })
  afterEach(() => rm(root, { recursive: true }))

  const stamp = () => stampOf([join(root, 'src'), join(root, 'strategies'), join(root, 'tsconfig.json')])

  it('stays the same as long as nothing is touched', () => {
    assert.equal(stamp(), stamp())
  })

  const changes: Record<string, () => Promise<unknown>> = {
    'a file is added': () => writeFile(join(root, 'src', 'core', 'b.ts'), ''),
    'a file is removed': () => rm(join(root, 'src', 'core', 'a.ts')),
    'a file grows': () => writeFile(join(root, 'tsconfig.json'), '{ }'),
    'a file is modified, at the same size': () => utimes(join(root, 'src', 'core', 'a.ts'), 1, 1),
    'a directory that was absent appears': async () => {
      await mkdir(join(root, 'strategies'))
      await writeFile(join(root, 'strategies', 'c.ts'), '')
    },
  }
  for (const [title, change] of Object.entries(changes)) {
    it(`changes when ${title}`, async () => {
      const before = stamp()
      await change()
      assert.notEqual(stamp(), before)
    })
  }
})

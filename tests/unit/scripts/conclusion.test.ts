import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conclusion } from '../../../scripts/test/conclusion.mjs'

describe('the last lines of npm test', () => {
  let directory = ''
  let file = ''

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    file = join(directory, 'summary.json')
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('are the count alone when nothing was skipped', async () => {
    await writeFile(file, '{"passed":7,"failed":0,"skipped":[]}')
    assert.equal(conclusion(0, file), '7 passed, 0 failed, 0 skipped')
  })

  it('list each skipped test with its reason, or that it has none', async () => {
    await writeFile(file, '{"passed":1,"failed":2,"skipped":["a b [skipped: no image]","c d"]}')
    assert.deepEqual(conclusion(2, file).split('\n'), [
      'Skipped:',
      '  - a b [skipped: no image]',
      '  - c d [skipped: no reason was given]',
      '',
      '1 passed, 2 failed, 2 skipped',
    ])
  })

  it('count one failure when mocha failed before or beside its tests', async () => {
    assert.equal(conclusion(1, file), '0 passed, 1 failed, 0 skipped')
    await writeFile(file, '{"passed":3,"failed":0,"skipped":[]}')
    assert.equal(conclusion(1, file), '3 passed, 1 failed, 0 skipped')
  })
})

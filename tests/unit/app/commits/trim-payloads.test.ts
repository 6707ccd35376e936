import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheLimit, trimPayloads } from '../../../../src/app/commits/trim-payloads.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { useScratch } from '../../codecs/oracle.ts'

describe('the payloads of commits', () => {
  const scratch = useScratch()

  /** Each takes a thousand bytes, the first was used last. */
  function payloads(...names: readonly string[]): string {
    for (const [index, name] of names.entries()) {
      const directory = join(scratch(), name)
      mkdirSync(join(directory, 'modules'), { recursive: true })
      writeFileSync(join(directory, 'Image'), Buffer.alloc(600))
      writeFileSync(join(directory, 'modules', 'all.cpio'), Buffer.alloc(400))
      const used = new Date(Date.UTC(2026, 0, 20 - index))
      utimesSync(directory, used, used)
    }
    return scratch()
  }

  it('go when they take too much, those first that nobody has used for longest', async () => {
    const directory = payloads('today', 'yesterday', 'before', 'long-ago')
    await trimPayloads(directory, 2500, new Set())
    assert.deepEqual(readdirSync(directory).sort(), ['today', 'yesterday'])
    await trimPayloads(directory, 2500, new Set())
    assert.deepEqual(readdirSync(directory).sort(), ['today', 'yesterday'])
  })

  it('stay where a board may still boot them', async () => {
    const directory = payloads('today', 'yesterday', 'long-ago')
    await trimPayloads(directory, 1000, new Set(['long-ago', 'yesterday']))
    assert.deepEqual(readdirSync(directory).sort(), ['long-ago', 'yesterday'])
  })

  it('may take as much as HIL_BISECT_CACHE says, which has to be a size', () => {
    assert.equal(cacheLimit(undefined), 20 * 2 ** 30)
    assert.equal(cacheLimit('500M'), 500 * 2 ** 20)
    assert.throws(
      () => cacheLimit('much'),
      (error) => error instanceof HilError && error.blame === 'environment' && /"much"/.test(error.message),
    )
  })
})

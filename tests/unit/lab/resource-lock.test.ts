import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createHash } from 'node:crypto'
import { HilError } from '../../../src/core/errors.ts'
import { lockResource, type Holder } from '../../../src/lab/resource-lock.ts'
import { runProgram } from '../../support/run-program.ts'

const holder: Holder = { pid: 4711, user: 'ann', since: '2026-01-01T00:00:00Z', what: 'board one: hil run' }

describe('lockResource', () => {
  let resource: string

  beforeEach(() => {
    resource = `test:${randomUUID()}`
  })

  it('gives a resource to one holder at a time, and names that one to the others', async () => {
    const lock = await lockResource(resource, holder)
    await assert.rejects(lockResource(resource, holder), (error) => {
      assert.ok(error instanceof HilError)
      assert.equal(error.code, 'lock.held')
      assert.equal(error.blame, 'infrastructure')
      assert.deepEqual(error.details, { resource, holder })
      assert.match(
        error.message,
        /in use by process 4711 of ann since 2026-01-01T00:00:00Z \(board one: hil run\)/,
      )
      return true
    })
    await lock.release()
    await (await lockResource(resource, holder)).release()
  })

  it('knows resources apart, however long their names', async () => {
    const locks = [
      await lockResource(`${resource}:${'x'.repeat(200)}a`, holder),
      await lockResource(`${resource}:${'x'.repeat(200)}b`, holder),
    ]
    for (const lock of locks) await lock.release()
  })

  it('may be released twice', async () => {
    const lock = await lockResource(resource, holder)
    await lock.release()
    await lock.release()
  })

  it('is freed by the kernel when its process is killed', async () => {
    const process = runProgram('hold-lock.ts', [resource])
    await once(process.stdout ?? assert.fail(), 'data')
    await assert.rejects(lockResource(resource, holder), /in use by process \d+ of tester/)
    process.kill('SIGKILL')
    await once(process, 'exit')
    await (await lockResource(resource, holder)).release()
  })

  it('is held also against a holder that does not answer', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined))
    mute.listen({ path: `\0hil/lock/${createHash('sha256').update(resource).digest('hex')}` })
    await once(mute, 'listening')
    try {
      await assert.rejects(lockResource(resource, holder), /another process, which does not say who it is/)
    } finally {
      mute.close()
    }
  })

  it('goes to exactly one of many that ask at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockResource(resource, holder)))
    const got = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    assert.equal(got.length, 1)
    await got[0]?.release()
  })
})

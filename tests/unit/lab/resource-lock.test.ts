import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createHash } from 'node:crypto'
import { HilError } from '../../../src/core/errors.ts'
import type { Holder } from '../../../src/lab/lease/holder.ts'
import { lockResource } from '../../../src/lab/resource-lock.ts'
import { runProgram } from '../../support/run-program.ts'

const holder: Holder = {
  pid: 4711,
  user: 'ann',
  host: 'labhost',
  directory: '/home/ann',
  since: '2026-01-01T00:00:00Z',
  what: 'board one: hil run',
}

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
        /in use by ann \(process 4711 on labhost, since 2026-01-01 00:00 UTC, for .*: board one: hil run\); wait until .* "kill 4711"/,
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
    await assert.rejects(lockResource(resource, holder), /in use by tester \(process \d+ on labhost/)
    process.kill('SIGKILL')
    await once(process, 'exit')
    await (await lockResource(resource, holder)).release()
  })

  it('is held also against a holder that does not answer', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined))
    const hash = createHash('sha256').update(resource).digest('hex').slice(0, 32)
    // Of full length: Node 20 and Node 22 make one name of it, and of a shorter one two.
    mute.listen({ path: `\0hil/lock/${hash}`.padEnd(108, '\0') })
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

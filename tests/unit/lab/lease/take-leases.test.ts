import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { waitingFor } from '../../../../src/lab/lease/lease-queue.ts'
import { listRecords } from '../../../../src/lab/lease/lease-records.ts'
import type { BoardLease } from '../../../../src/lab/lease/board-lease.ts'
import { takeLeases, type LeaseOptions } from '../../../../src/lab/lease/take-leases.ts'
import { useLabDirectory } from '../../../support/lab-directory.ts'
import { runProgram } from '../../../support/run-program.ts'

const longMs = 15_000

describe('takeLeases', () => {
  const directory = useLabDirectory()
  let t: Deadline
  let outlet: string
  let port: string

  beforeEach(() => {
    t = startDeadline(longMs, 'test')
    outlet = `outlet:${randomUUID()}`
    port = `serial:${randomUUID()}`
  })

  afterEach(() => {
    t[Symbol.dispose]()
  })

  async function lease(
    resources: readonly string[],
    options: Partial<LeaseOptions> & { readonly board?: string; readonly on?: Deadline } = {},
  ): Promise<BoardLease> {
    const { board = 'one', on = t, ...given } = options
    const all = { what: 'hil run', priority: 0, waitMs: 0, onWait: () => undefined, ...given }
    const [only] = await takeLeases([{ board, resources }], all, on)
    return only ?? assert.fail()
  }

  /** Waits for a lease. @returns when the place in the queue is taken */
  async function queue(resources: readonly string[], options: Partial<LeaseOptions> = {}) {
    let told: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => (told = resolve))
    const lease_ = lease(resources, {
      waitMs: longMs,
      onWait: () => {
        told()
      },
      ...options,
    })
    await Promise.race([waiting, lease_])
    return { lease: lease_ }
  }

  it('refuses a board of which another one uses a part, and says who, since when, what for and how to wait', async () => {
    const held = await lease([outlet, port])
    await assert.rejects(lease([`serial:${randomUUID()}`, outlet], { board: 'two' }), (error) => {
      assert.ok(error instanceof HilError)
      assert.equal(error.code, 'lock.held')
      assert.equal(error.blame, 'infrastructure')
      assert.ok(error.message.startsWith(`two: ${outlet} is in use by `), error.message)
      assert.match(
        error.message,
        new RegExp(`process ${process.pid} on \\S+, since 20\\S+ \\S+ UTC.*: board one: hil run\\)`),
      )
      assert.match(error.message, /wait for your turn with --wait 30m/)
      return true
    })
    await held.release()
    await (await lease([outlet])).release()
  })

  it('holds nothing of what it could not have all of', async () => {
    const held = await lease([port])
    await assert.rejects(lease([outlet, port]), { code: 'lock.held' })
    await (await lease([outlet])).release()
    await held.release()
  })

  it('serves those who wait by priority, then in the order of their coming', async () => {
    const held = await lease([outlet])
    const order: string[] = []
    const take = async (name: string, priority: number) => {
      const { lease: coming } = await queue([outlet], { priority })
      const done = coming.then(async (taken) => {
        order.push(name)
        await taken.release()
      })
      return { done }
    }
    const takers = [
      await take('first', 0),
      await take('nightly', -10),
      await take('second', 0),
      await take('urgent', 5),
    ]
    assert.equal((await waitingFor([outlet])).length, 4)
    await held.release()
    await Promise.all(takers.map(({ done }) => done))
    assert.deepEqual(order, ['urgent', 'first', 'second', 'nightly'])
    assert.deepEqual(await waitingFor([outlet]), [])
  })

  it('lets nobody who came later pass those who wait, unless they are more urgent', async () => {
    const held = await lease([outlet, port])
    // Waits for both, so that the outlet is free while it waits for the port.
    const { lease: waiting } = await queue([outlet, port])
    const other = await lease([port], { priority: 1 }).catch((error: unknown) => error)
    assert.equal((other as HilError).code, 'lock.held')
    const partly = await lease([`serial:${randomUUID()}`])
    await held.release()
    await (await waiting).release()
    await partly.release()

    const again = await lease([port])
    const { lease: second } = await queue([outlet, port])
    await assert.rejects(lease([outlet]), (error) => {
      assert.match((error as HilError).message, /is waited for by .* who comes first/)
      return true
    })
    await (await lease([outlet], { priority: 1 })).release()
    await again.release()
    await (await second).release()
  })

  it('gives up when the time to wait is over, and leaves the queue', async () => {
    const held = await lease([outlet])
    await assert.rejects(lease([outlet], { waitMs: 50 }), {
      code: 'lock.held',
      message: /is in use by .*, still after .* of waiting;/,
    })
    assert.deepEqual(await waitingFor([outlet]), [])
    await held.release()
  })

  it('leaves the queue when it is interrupted', async () => {
    const held = await lease([outlet])
    const interruption = new AbortController()
    using mine = startDeadline(longMs, 'mine', interruption)
    const waiting = lease([outlet], {
      waitMs: longMs,
      on: mine,
      onWait: () => {
        interruption.abort(new Error('Ctrl-C'))
      },
    })
    await assert.rejects(waiting, /Ctrl-C/)
    assert.deepEqual(await waitingFor([outlet]), [])
    await held.release()
  })

  it('never has two wait for each other, whatever they want in which order', async () => {
    const { lease: one } = await queue([outlet, port])
    const { lease: two } = await queue([port, outlet])
    await (await one).release()
    await (await two).release()
  })

  it('goes to the next one when its holder is killed, who learns of it and gets a greater fence', async () => {
    const child = runProgram('hold-lease.ts', [outlet])
    const [said] = (await once(child.stdout ?? assert.fail(), 'data')) as [Buffer]
    const fence = Number(said.toString())
    const { lease: waiting } = await queue([outlet])
    child.kill('SIGKILL')
    const taken = await waiting
    assert.deepEqual(
      taken.abandonedBy.map(({ pid, what }) => [pid, what]),
      [[child.pid, 'board one: hil run']],
    )
    assert.ok(taken.fence > fence)
    await taken.release()

    // That one did not leave the board as declared either.
    const next = await lease([outlet])
    assert.deepEqual(next.abandonedBy, taken.abandonedBy)
    assert.ok(next.fence > taken.fence)
    next.settle()
    await next.release()

    const last = await lease([outlet])
    assert.deepEqual(last.abandonedBy, [])
    await last.release()
  })

  it('loses its place in the queue when it is killed', async () => {
    const held = await lease([outlet])
    const child = runProgram('hold-lease.ts', [outlet])
    while ((await waitingFor([outlet])).length === 0) await t.race(new Promise(setImmediate))
    const { lease: behind } = await queue([outlet])
    child.kill('SIGKILL')
    await once(child, 'exit')
    await held.release()
    await (await behind).release()
  })

  it('writes down who has what', async () => {
    const held = await lease([outlet])
    const record = async () => (await listRecords(directory.path)).find(({ resource }) => resource === outlet)
    assert.equal((await record())?.holder?.pid, process.pid)
    assert.equal((await record())?.holder?.directory, process.cwd())
    assert.equal((await record())?.fence, held.fence)
    await held.release()
    assert.equal((await record())?.holder, undefined)
    assert.equal((await record())?.fence, held.fence)
  })

  it('is given back when whoever asks a second time goes on', async () => {
    const held = await lease([outlet, port])
    const first = held.release()
    await held.release()
    const records = await listRecords(directory.path)
    const own = records.filter(({ resource }) => resource === outlet || resource === port)
    assert.deepEqual(
      own.map(({ holder }) => holder),
      [undefined, undefined],
    )
    await first
  })

  it('refuses two boards at once that need the same thing', async () => {
    const requests = ['one', 'two'].map((board) => ({ board, resources: [outlet] }))
    const options = { what: 'hil run', priority: 0, waitMs: 0, onWait: () => undefined }
    await assert.rejects(takeLeases(requests, options, t), {
      code: 'lab.shared-resource',
      message: new RegExp(`one and two .* both need ${outlet}`),
    })
  })
})

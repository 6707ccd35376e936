import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { thisProcess } from '../../../../src/lab/lease/holder.ts'
import { keepLeases } from '../../../../src/lab/lease/keep-leases.ts'
import { leasesOfThisHost, withoutWaiting } from '../../../../src/lab/lease/lease-boards.ts'
import { writeRecord } from '../../../../src/lab/lease/lease-records.ts'
import { FakeBoard, fakeEnvironment } from '../../../support/fake-board.ts'
import { useLabDirectory } from '../../../support/lab-directory.ts'

describe('keepLeases', () => {
  const directory = useLabDirectory()

  it('lets nobody in between two runs, of which only the first has to mind who was there before', async () => {
    const resource = `test:${randomUUID()}`
    await writeRecord(directory.path, { resource, fence: 1, holder: thisProcess('board one: hil run') })
    const { boards } = fakeEnvironment({ one: new FakeBoard() }, { resources: [resource] })
    const context = { what: 'hil bisect', emit: () => undefined }
    const lease = leasesOfThisHost(withoutWaiting)
    using t = startDeadline(10_000, 'test')
    const kept = await keepLeases(boards, lease, context, t)
    const abandonedBy: number[] = []
    for (let run = 0; run < 2; run++) {
      const [lent] = await kept.leaseBoards(boards, context, t)
      abandonedBy.push(lent?.abandonedBy.length ?? -1)
      lent?.settle()
      await lent?.release()
      await assert.rejects(lease(boards, context, t), { code: 'lock.held', message: /: hil bisect\)/ })
    }
    assert.deepEqual(abandonedBy, [1, 0])
    await kept.release()
    const [next] = await lease(boards, context, t)
    assert.deepEqual(next?.abandonedBy, [])
    await next?.release()
  })

  it('gives back the others where one can not be, and says so', async () => {
    const resources = [`test:${randomUUID()}`, `test:${randomUUID()}`] as const
    const [one, two] = resources.map(
      (resource) => fakeEnvironment({ [resource]: new FakeBoard() }, { resources: [resource] }).boards,
    )
    const boards = [...(one ?? []), ...(two ?? [])]
    const context = { what: 'hil bisect', emit: () => undefined }
    const lease = leasesOfThisHost(withoutWaiting)
    using t = startDeadline(10_000, 'test')
    const kept = await keepLeases(
      boards,
      async (...wanted) => {
        const [first, ...rest] = await lease(...wanted)
        if (first === undefined) return []
        const broken = {
          ...first,
          release: () => first.release().then(() => Promise.reject(new Error('no coordinator'))),
        }
        return [broken, ...rest]
      },
      context,
      t,
    )
    await assert.rejects(kept.release(), { message: 'no coordinator' })
    const again = await lease(boards, context, t)
    for (const each of again) await each.release()
  })
})

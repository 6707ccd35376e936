import assert from 'node:assert/strict'
import { race, violationsIn } from '../../support/race.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'

describe('Processes that race for boards and are killed at random', function () {
  this.timeout(180_000)
  useLabDirectory()

  it('never are two with one board, and leave all of them free (npm run bench -- race: 200 for 8 boards)', async () => {
    const { violations, killed, failed, leases, slowestFreeMs } = await race({
      ...{ processes: 8, boards: 2, rounds: 5, killed: 0.2 },
    })
    assert.deepEqual(violations, [])
    assert.equal(failed, 0)
    assert.ok(leases >= 8 && killed <= leases)
    assert.ok(Number.isFinite(slowestFreeMs))
  })

  it('would be caught if they were', () => {
    const on = { outlet: 'a', action: 'on', fence: 1, pid: 1 } as const
    assert.deepEqual(violationsIn([on, { ...on, action: 'off' }, { ...on, fence: 2, pid: 2 }]), [])
    // Killed while it had it.
    assert.deepEqual(violationsIn([on, { ...on, fence: 2, pid: 2 }]), [])
    assert.equal(violationsIn([on, { ...on, pid: 2 }]).length, 1)
    assert.equal(violationsIn([on, { ...on, fence: 2, pid: 2 }, { ...on, action: 'off' }]).length, 1)
  })
})

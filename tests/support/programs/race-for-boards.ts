import { setTimeout as wait } from 'node:timers/promises'
import { startDeadline } from '../../../src/core/deadline.ts'
import { takeLeases } from '../../../src/lab/lease/take-leases.ts'
import { noteSwitching } from '../../../src/simulator/shared-outlets.ts'

/**
 * Leases one board after the other, at random, and switches it on and off at an outlet that refuses whoever lost their lease.
 * Says `on` whenever it has a board, and `done` at the end.
 */
const [, , ledger = '', rounds = '1', ...boards] = process.argv
using t = startDeadline(Number.POSITIVE_INFINITY, 'the race')
for (let round = 0; round < Number(rounds); round++) {
  const board = boards[Math.floor(Math.random() * boards.length)] ?? ''
  const options = { what: 'a race', priority: round % 3, waitMs: 600_000, onWait: () => undefined }
  const [lease] = await takeLeases([{ board, resources: [board] }], options, t)
  if (lease === undefined) throw new Error('no lease')
  const switched = { outlet: board, fence: lease.fence, pid: process.pid }
  await noteSwitching(ledger, { ...switched, action: 'on' })
  process.stdout.write('on\n')
  await wait(Math.random() * 10)
  await noteSwitching(ledger, { ...switched, action: 'off' })
  lease.settle()
  await lease.release()
}
process.stdout.write('done\n')

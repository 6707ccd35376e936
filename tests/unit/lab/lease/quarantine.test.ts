import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import type { HilError } from '../../../../src/core/errors.ts'
import type { BoardLease } from '../../../../src/lab/lease/board-lease.ts'
import { hold } from '../../../../src/lab/lease/hold.ts'
import { thisProcess } from '../../../../src/lab/lease/holder.ts'
import { readRecord, writeRecord } from '../../../../src/lab/lease/lease-records.ts'
import { takeLeases, type LeaseOptions } from '../../../../src/lab/lease/take-leases.ts'
import { useLabDirectory } from '../../../support/lab-directory.ts'

const failed = { kind: 'failed', message: 'the console is dead' } as const
const worked = { kind: 'worked' } as const

describe('The quarantine of a board', () => {
  const directory = useLabDirectory()
  let t: Deadline
  let port: string
  let outlet: string

  beforeEach(() => {
    t = startDeadline(15_000, 'test')
    port = `serial:${randomUUID()}`
    outlet = `outlet:${randomUUID()}`
  })

  afterEach(() => {
    t[Symbol.dispose]()
  })

  async function lease(
    options: Partial<LeaseOptions> = {},
    board = 'one',
    knownBy = [port],
  ): Promise<BoardLease> {
    const all = { what: 'hil run', priority: 0, waitMs: 0, onWait: () => undefined, ...options }
    const resources = [...knownBy, outlet]
    const [only] = await takeLeases([{ board, resources, knownBy, quarantineAfter: 2 }], all, t)
    return only ?? assert.fail()
  }

  async function use(outcome: Parameters<BoardLease['judge']>[0], options: Partial<LeaseOptions> = {}) {
    const used = await lease(options)
    await used.judge(outcome)
    await used.release()
  }

  it('begins after so many failures in a row, and says who, since when, why and how it ends', async () => {
    await use(failed)
    await use(worked)
    await use(failed)
    await use(failed)
    for (const waitMs of [0, 10_000]) {
      await assert.rejects(lease({ waitMs }), (error: HilError) => {
        assert.deepEqual([error.code, error.blame], ['lab.quarantined', 'infrastructure'])
        assert.match(
          error.message,
          /^one is in quarantine since 20\S+ \S+ UTC.*: its bench failed 2 times in a row, at last for \S+ \(board one: hil run\): the console is dead; once it is mended, "hil doctor one" .*"hil lab return one" .*"hil lab hold 2h one"/,
        )
        return true
      })
    }
  })

  it('is one of the hardware, whatever an environment calls it, and not of what it shares', async () => {
    await use(failed)
    await use(failed)
    await assert.rejects(lease({}, 'the same by another name'), { code: 'lab.quarantined' })
    const other = await lease({}, 'another one on that outlet', [`serial:${randomUUID()}`])
    await other.release()
  })

  it('is there while its last holder still has it, and stays when that one is killed', async () => {
    await use(failed)
    const last = await lease()
    await last.judge(failed)
    const record = (await readRecord(directory.path, port)) ?? assert.fail()
    await last.release()
    // As a holder leaves it that never came to its end.
    await writeRecord(directory.path, { ...record, holder: thisProcess('board one: hil run') })
    await assert.rejects(lease(), { code: 'lab.quarantined' })
  })

  it('is ended by whoever mends it, who may use it meanwhile, and by nothing that works then', async () => {
    await use(failed)
    await use(failed)
    const first = await lease({ admitsQuarantined: true })
    const mine = await hold([port, outlet], thisProcess('hil lab hold'), first)
    await first.release()
    await use(worked)
    await mine.end()
    await assert.rejects(lease(), { code: 'lab.quarantined' })
    await use({ kind: 'mended' }, { admitsQuarantined: true })
    const back = await lease()
    assert.deepEqual(back.health, { failuresInARow: 0 })
    await back.release()
  })

  it('meets who waited for a board that its holder put into it', async () => {
    await use(failed)
    const last = await lease()
    let told: () => void = () => undefined
    const waits = new Promise<void>((resolve) => (told = resolve))
    const waiting = lease({
      waitMs: 10_000,
      onWait: () => {
        told()
      },
    })
    const refused = assert.rejects(waiting, { code: 'lab.quarantined' })
    await waits
    await last.judge(failed)
    await last.release()
    await refused
  })
})

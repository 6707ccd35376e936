import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nightHistory } from '../../../../src/app/nightly/night-history.ts'
import { identityWith } from '../../../../src/app/nightly/payloads/night-payloads.ts'
import type { NightRecord } from '../../../../src/core/night-record.ts'
import type { Verdict } from '../../../../src/core/verdicts.ts'
import { describeSqlite } from '../../../support/sqlite-driver.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { nightOf } from './nights.ts'

/** A night of one board, over. @param outcomes of its specs */
function night(hour: number, identity: string, outcomes: Readonly<Record<string, Verdict>>): NightRecord {
  const empty = nightOf(['a'], ['p'], Object.keys(outcomes))
  const startedAt = new Date(Date.UTC(2026, 0, 1, hour)).toISOString()
  const cells = empty.cells.map((cell) => ({ ...cell, outcome: outcomes[cell.spec] ?? 'hil-bug' }))
  const payloads = empty.payloads.map((payload) => ({ ...payload, identity }))
  return { ...empty, id: startedAt, startedAt, cells, payloads }
}

describeSqlite('a payload that has passed before', () => {
  const scratch = useScratch()
  let before: string | undefined
  beforeEach(() => {
    before = process.env['HIL_HISTORY']
    process.env['HIL_HISTORY'] = ''
  })
  afterEach(() => {
    if (before === undefined) delete process.env['HIL_HISTORY']
    else process.env['HIL_HISTORY'] = before
  })

  /** Why the payload need not be run in a night with this identity. */
  async function reason(nights: readonly NightRecord[], tonight: NightRecord, identity: string) {
    const history = nightHistory('reports', scratch())
    for (const each of nights) await history.remember(each, join(scratch(), 'reports/n'), 'reports/n')
    return (await history.passedBefore(tonight))('p', identity)
  }
  const passed = { boot: 'passed', usb: 'passed' } as const

  it('is left out, with the reason, where all of its cells have passed with the same', async () => {
    const why = await reason([night(1, 'i', passed)], night(3, 'i', passed), 'i')
    assert.match(
      why ?? '',
      /^it has passed all of this before, the last time 2 ?h ago, and nothing has changed$/,
    )
  })

  it('is run where it is another, where a cell failed, or is new', async () => {
    const tonight = night(3, 'i', passed)
    assert.equal(await reason([night(1, 'i', passed)], tonight, 'other'), undefined)
    assert.equal(await reason([], night(3, 'i', { ...passed, net: 'passed' }), 'i'), undefined)
    const half = night(1, 'j', { boot: 'passed', usb: 'flaky' })
    assert.equal(await reason([half], tonight, 'j'), undefined)
  })

  it('is another one as soon as a spec of it changes', async () => {
    const spec = join(scratch(), 'boot.spec.ts')
    await writeFile(spec, 'one')
    const first = await identityWith('i', [spec])
    assert.equal(await identityWith('i', [spec, spec]), first)
    assert.notEqual(await identityWith('j', [spec]), first)
    await writeFile(spec, 'two')
    assert.notEqual(await identityWith('i', [spec]), first)
    assert.equal(await identityWith(undefined, [spec]), undefined, 'nobody knows what a board has itself')
  })
})

import assert from 'node:assert/strict'
import type { EarlierCell, EarlierNight } from '../../../src/core/night-record.ts'
import { openHistory, type HistoryDatabase } from '../../../src/history/database/open-history.ts'
import { importNight } from '../../../src/history/import-night.ts'
import { earlierNights, lastPassed, passedKey, passedWith } from '../../../src/history/queries/nights.ts'
import { describeDatabases } from './databases.ts'

const tonight = 1000

/** @param startedAt in order */
function night(startedAt: number, cells: readonly EarlierCell[], name = 'lab'): EarlierNight {
  return { id: `${name}-${startedAt}`, name, startedAt, directory: `reports/${startedAt}`, cells }
}

function cell(
  id: string,
  outcome: EarlierCell['outcome'] = 'passed',
  rest: Partial<EarlierCell> = {},
): EarlierCell {
  return { id: `a/p/${id}`, payload: 'p', outcome, ...rest }
}

describeDatabases('earlier nights', (makeEmpty) => {
  async function ask<Answer>(
    nights: readonly EarlierNight[],
    question: (db: HistoryDatabase) => Promise<Answer>,
  ): Promise<Answer> {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    for (const each of nights) await importNight(history.db, each)
    return await question(history.db)
  }

  it('are none at first', async () => {
    const { last, lastGood, usualBoots } = await ask([], (db) => earlierNights(db, 'lab', tonight))
    assert.deepEqual([last, lastGood, usualBoots.size], [undefined, undefined, 0])
  })

  it('are the last of that name, and the last in which all passed or had passed before', async () => {
    const nights = [
      night(1, [cell('boot')]),
      night(2, [cell('boot', 'skipped'), cell('usb', 'flaky')]),
      night(3, [
        cell('boot', 'passed', { bootMs: 1234.5, commit: 'c3', identity: 'i3' }),
        cell('usb', 'not-run'),
      ]),
      night(4, [cell('boot')], 'another'),
      night(tonight, [cell('boot')]),
    ]
    const { last, lastGood } = await ask(nights.toReversed(), (db) => earlierNights(db, 'lab', tonight))
    assert.deepEqual(last, nights[2])
    assert.equal(lastGood?.id, 'lab-2')
  })

  it('say what boots usually take: the median of seven nights, of what passed', async () => {
    const boot = (startedAt: number, bootMs: number, outcome: EarlierCell['outcome'] = 'passed') =>
      night(startedAt, [cell('boot', outcome, { bootMs })])
    const times = [900, 900, 10, 11, 500, 12, 13, 14].map((ms, index) => boot(index + 1, ms))
    const nights = [...times, boot(9, 700, 'board-failed')]
    const { usualBoots } = await ask(nights, (db) => earlierNights(db, 'lab', tonight))
    // The last seven are 10, 11, 500, 12, 13, 14, and one that failed.
    assert.deepEqual([...usualBoots], [['a/p/boot', 12.5]])
  })

  it('take the place of what was known of them', async () => {
    const nights = [night(1, [cell('boot', 'test-failed'), cell('usb')]), night(1, [cell('boot')])]
    const { last, lastGood } = await ask(nights, (db) => earlierNights(db, 'lab', tonight))
    assert.deepEqual(last?.cells, [cell('boot')])
    assert.equal(lastGood?.id, 'lab-1')
  })

  it('know with what commit a cell last passed', async () => {
    const nights = [
      night(1, [cell('boot', 'passed', { commit: 'c1' })]),
      night(2, [cell('boot', 'passed', { commit: 'c2' }), cell('usb', 'passed', { commit: 'x' })]),
      night(3, [cell('boot', 'test-failed', { commit: 'c3' })]),
      night(4, [cell('boot')]),
    ]
    const found = await ask(nights, async (db) => [
      await lastPassed(db, 'lab', 'a/p/boot', tonight),
      await lastPassed(db, 'lab', 'a/p/net', tonight),
    ])
    assert.deepEqual(found, [cell('boot', 'passed', { commit: 'c2' }), undefined])
  })

  it('know all cells that have passed with the same, in whichever nights', async () => {
    const same = { identity: 'i' }
    const nights = [
      night(1, [cell('boot', 'passed', same), cell('usb', 'test-failed', same)]),
      night(2, [cell('usb', 'passed', same)]),
      night(3, [cell('net', 'passed', { identity: 'other' }), cell('spi', 'flaky', same)]),
    ]
    const passed = await ask(nights, (db) => passedWith(db, 'lab', tonight))
    const known = passed.get(passedKey('p', 'i'))
    assert.deepEqual([...(known?.cells ?? [])].toSorted(), ['a/p/boot', 'a/p/usb'])
    assert.equal(known?.at, 2)
  })
})

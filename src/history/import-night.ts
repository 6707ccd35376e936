import type { EarlierNight } from '../core/night-record.ts'
import type { HistoryDatabase } from './database/open-history.ts'
import { inserter, storable } from './import-run.ts'

/** Puts a night into the database, whole or not at all, in place of what was known of it. */
export async function importNight(db: HistoryDatabase, night: EarlierNight): Promise<void> {
  const { id, name, startedAt, directory, cells } = night
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('nights').where('id', '=', id).execute()
    const is_good = isGood(night) ? 1 : 0
    await transaction
      .insertInto('nights')
      .values(storable({ id, name, started_at: startedAt, directory, is_good }))
      .execute()
    await inserter(transaction)(
      'night_cells',
      cells.map((cell) => ({
        ...{ night_id: id, cell: cell.id, payload: cell.payload, outcome: cell.outcome },
        boot_ms: cell.bootMs ?? null,
        commit_id: cell.commit ?? null,
        identity: cell.identity ?? null,
      })),
    )
  })
}

/** What was left out because it had passed before is good as well. */
function isGood({ cells }: EarlierNight): boolean {
  return cells.every(({ outcome }) => outcome === 'passed' || outcome === 'flaky' || outcome === 'skipped')
}

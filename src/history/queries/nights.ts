import type { CellOutcome, EarlierCell, EarlierNight } from '../../core/night-record.ts'
import type { HistoryDatabase } from '../database/open-history.ts'
import { groupBy } from './group-by.ts'
import { median } from '../statistics/median.ts'

/** The nights that another one is held against. */
export interface EarlierNights {
  readonly last: EarlierNight | undefined
  /** The last one in which all cells passed. */
  readonly lastGood: EarlierNight | undefined
  /** How long cells took to boot when they passed, in milliseconds: the median of some nights. */
  readonly usualBoots: ReadonlyMap<string, number>
}

/** How many nights say what is usual. */
const usualNights = 7

/** @param before nights that began before it, in milliseconds since 1970 */
export async function earlierNights(
  db: HistoryDatabase,
  name: string,
  before: number,
): Promise<EarlierNights> {
  const last = await latestNight(db, name, before, false)
  const lastGood = await latestNight(db, name, before, true)
  const usualBoots = await bootsOf(db, name, before)
  return { last, lastGood: lastGood?.id === last?.id ? last : lastGood, usualBoots }
}

async function bootsOf(
  db: HistoryDatabase,
  name: string,
  before: number,
): Promise<ReadonlyMap<string, number>> {
  const nights = db
    .selectFrom('nights')
    .select('id')
    .where('name', '=', name)
    .where('started_at', '<', before)
    .orderBy('started_at', 'desc')
    .limit(usualNights)
  const rows = await db
    .selectFrom('night_cells')
    .select(['cell', 'boot_ms'])
    .where('night_id', 'in', nights)
    .where('outcome', '=', 'passed')
    .where('boot_ms', 'is not', null)
    .execute()
  return new Map(
    groupBy(rows, ({ cell }) => [cell]).map((all) => [
      all[0].cell,
      median(all.map(({ boot_ms }) => Number(boot_ms))),
    ]),
  )
}

async function latestNight(
  db: HistoryDatabase,
  name: string,
  before: number,
  mustBeGood: boolean,
): Promise<EarlierNight | undefined> {
  const query = db.selectFrom('nights').selectAll().where('name', '=', name).where('started_at', '<', before)
  const night = await (mustBeGood ? query.where('is_good', '=', 1) : query)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (night === undefined) return undefined
  const cells = await db.selectFrom('night_cells').selectAll().where('night_id', '=', night.id).execute()
  return {
    ...{ id: night.id, name, startedAt: Number(night.started_at), directory: night.directory },
    cells: cells.map(toCell),
  }
}

/** A cell as it was when it last passed, with the commit that was built for it. */
export async function lastPassed(
  db: HistoryDatabase,
  name: string,
  cell: string,
  before: number,
): Promise<EarlierCell | undefined> {
  const row = await db
    .selectFrom('night_cells')
    .innerJoin('nights', 'nights.id', 'night_cells.night_id')
    .selectAll('night_cells')
    .where('nights.name', '=', name)
    .where('nights.started_at', '<', before)
    .where('night_cells.cell', '=', cell)
    .where('night_cells.outcome', '=', 'passed')
    .where('night_cells.commit_id', 'is not', null)
    .orderBy('nights.started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toCell(row)
}

/** Cells that have passed with what boots now and what is run on it, and when. */
export async function passedWith(
  db: HistoryDatabase,
  name: string,
  before: number,
): Promise<ReadonlyMap<string, { readonly cells: ReadonlySet<string>; readonly at: number }>> {
  const rows = await db
    .selectFrom('night_cells')
    .innerJoin('nights', 'nights.id', 'night_cells.night_id')
    .select(['night_cells.cell', 'night_cells.payload', 'night_cells.identity', 'nights.started_at'])
    .where('nights.name', '=', name)
    .where('nights.started_at', '<', before)
    .where('night_cells.outcome', '=', 'passed')
    .where('night_cells.identity', 'is not', null)
    .execute()
  const found = new Map<string, { cells: Set<string>; at: number }>()
  for (const { cell, payload, identity, started_at } of rows) {
    const key = passedKey(payload, identity ?? '')
    const known = found.get(key) ?? { cells: new Set<string>(), at: 0 }
    known.cells.add(cell)
    found.set(key, { cells: known.cells, at: Math.max(known.at, Number(started_at)) })
  }
  return found
}

export function passedKey(payload: string, identity: string): string {
  return `${payload}\0${identity}`
}

interface CellRow {
  readonly cell: string
  readonly payload: string
  readonly outcome: string
  readonly boot_ms: number | null
  readonly commit_id: string | null
  readonly identity: string | null
}

function toCell({ cell, payload, outcome, boot_ms, commit_id, identity }: CellRow): EarlierCell {
  return {
    ...{ id: cell, payload, outcome: outcome as CellOutcome },
    ...(boot_ms !== null && { bootMs: Number(boot_ms) }),
    ...(commit_id !== null && { commit: commit_id }),
    ...(identity !== null && { identity }),
  }
}

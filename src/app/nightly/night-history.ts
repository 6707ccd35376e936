import { join } from 'node:path'
import { formatDuration } from '../../core/duration.ts'
import { messageOf } from '../../core/errors.ts'
import type { EarlierCell, EarlierNight, NightCell, NightRecord } from '../../core/night-record.ts'
import type { EarlierNights } from '../../history/queries/nights.ts'
import { importDirectories, openProjectHistory, projectHistory } from '../history/project-history.ts'

/** What earlier nights of a plan came to, as history knows it. */
export interface NightHistory {
  /** @returns nothing where history is off, or can't be asked: then it is said why */
  earlier(record: NightRecord): Promise<EarlierNights>
  /** Why a payload need not be run: all its cells have passed with it before. */
  passedBefore(record: NightRecord): Promise<(payload: string, identity: string) => string | undefined>
  /** How a cell was when it last passed. */
  lastPassed(record: NightRecord, cell: NightCell): Promise<EarlierCell | undefined>
  /** Keeps a night, and the runs of its cells and health checks. */
  remember(record: NightRecord, directory: string, shown: string): Promise<void>
}

export function nightHistory(reportRoot: string, cwd: string): NightHistory {
  const project = projectHistory(reportRoot, cwd)
  const isOff = project.location.kind === 'off'
  const ask = async <T>(otherwise: T, question: (db: Database) => Promise<T>): Promise<T> => {
    if (isOff) return otherwise
    try {
      await using history = await openProjectHistory(project)
      return await question(history.db)
    } catch (error) {
      process.stderr.write(`hil: history is left out: ${messageOf(error)}\n`)
      return otherwise
    }
  }
  const nights = () => import('../../history/queries/nights.ts')
  return {
    earlier: ({ name, startedAt }) =>
      ask(nothingEarlier, async (db) => (await nights()).earlierNights(db, name, Date.parse(startedAt))),
    passedBefore: async ({ name, startedAt, cells }) => {
      const { passedKey, passedWith } = await nights()
      const passed = await ask(undefined, (db) => passedWith(db, name, Date.parse(startedAt)))
      return (payload, identity) => {
        const known = passed?.get(passedKey(payload, identity))
        const own = cells.filter((cell) => cell.payload === payload)
        if (known === undefined || !own.every(({ id }) => known.cells.has(id))) return undefined
        const ago = formatDuration(Math.max(60_000, Date.parse(startedAt) - known.at))
        return `it has passed all of this before, the last time ${ago} ago, and nothing has changed`
      }
    },
    lastPassed: ({ name, startedAt }, { id }) =>
      ask(undefined, async (db) => (await nights()).lastPassed(db, name, id, Date.parse(startedAt))),
    remember: (record, directory, shown) =>
      ask(undefined, async (db) => {
        const { importNight } = await import('../../history/import-night.ts')
        await importNight(db, toEarlier(record, shown))
        // A bench that fails the health check has failed all the same.
        const attempts = [...record.cells.flatMap((cell) => cell.attempts), ...record.health]
        const runs = attempts.flatMap(({ report }) => report ?? [])
        await importDirectories(
          project,
          db,
          runs.map((report) => join(directory, report)),
        )
        return undefined
      }),
  }
}

const nothingEarlier: EarlierNights = {
  last: undefined,
  lastGood: undefined,
  usualBoots: new Map<string, number>(),
}

type Database = Awaited<ReturnType<typeof openProjectHistory>>['db']

function toEarlier({ id, name, startedAt, cells, payloads }: NightRecord, directory: string): EarlierNight {
  const byName = new Map(payloads.map((payload) => [payload.name, payload]))
  return {
    ...{ id, name, directory, startedAt: Date.parse(startedAt) },
    cells: cells.map(({ id: cell, payload, outcome = 'not-run', attempts }) => {
      const { commit, identity } = byName.get(payload) ?? {}
      const bootMs = attempts.at(-1)?.bootMs
      return {
        ...{ id: cell, payload, outcome },
        ...(bootMs !== undefined && { bootMs }),
        ...(commit !== undefined && { commit: commit.id }),
        ...(identity !== undefined && { identity }),
      }
    }),
  }
}

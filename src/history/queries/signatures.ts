import type { HistoryDatabase } from '../database/open-history.ts'
import type { HistoryFilter } from './filter.ts'
import { groupBy } from './group-by.ts'

/** Something the kernel complained about, in all runs of the time that was asked for. */
export interface SignatureCourse {
  readonly signature: string
  /** As the last run told it. */
  readonly title: string
  readonly level: string
  readonly kind: string
  readonly boards: readonly string[]
  /** `new`: no run before the time that was asked for has it. */
  readonly status: 'new' | 'known'
  /** In the whole history; in milliseconds since 1970. */
  readonly firstSeen: number
  readonly lastSeen: number
  /** How many runs have it, of the time that was asked for. */
  readonly runs: number
  /** The run that had it first, as its directory was called. */
  readonly firstRun: string
}

export interface SignatureAnswer {
  /** New ones first, then those seen last. */
  readonly signatures: readonly SignatureCourse[]
  /** When history begins; `undefined` where there is none. */
  readonly begins: number | undefined
}

/** What was allowed or is of no weight (`info`) is left out. */
export async function signatureCourses(
  db: HistoryDatabase,
  { since, board }: HistoryFilter,
): Promise<SignatureAnswer> {
  const rows = await db
    .selectFrom('findings')
    .innerJoin('runs', 'runs.id', 'findings.run_id')
    .select(['findings.signature', 'findings.title', 'findings.level', 'findings.kind', 'findings.board'])
    .select(['runs.id as run', 'runs.started_at', 'runs.directory'])
    .where('findings.level', '!=', 'info')
    .$if(board !== undefined, (query) => query.where('findings.board', '=', board ?? ''))
    .orderBy('runs.started_at')
    .orderBy('runs.id')
    .execute()
  const first = await db
    .selectFrom('runs')
    .select(({ fn }) => fn.min('started_at').as('begins'))
    .executeTakeFirst()
  const signatures = groupBy(rows, ({ signature }) => [signature])
    .flatMap((found) => toCourse(found, since))
    .toSorted((a, b) => Number(b.status === 'new') - Number(a.status === 'new') || b.lastSeen - a.lastSeen)
  return { signatures, begins: first?.begins ?? undefined }
}

interface Row {
  readonly signature: string
  readonly title: string
  readonly level: string
  readonly kind: string
  readonly board: string
  readonly run: string
  readonly started_at: number
  readonly directory: string
}

/** @param rows oldest first @returns nothing for what was not seen since then */
function toCourse(rows: readonly [Row, ...Row[]], since: number): readonly SignatureCourse[] {
  const recent = rows.filter(({ started_at }) => started_at >= since)
  const [first] = rows
  const last = recent.at(-1)
  if (last === undefined) return []
  const { signature, title, level, kind, started_at: lastSeen } = last
  return [
    {
      ...{ signature, title, level, kind, lastSeen },
      boards: [...new Set(recent.map(({ board }) => board))].toSorted(),
      status: first.started_at >= since ? 'new' : 'known',
      firstSeen: first.started_at,
      runs: new Set(recent.map(({ run }) => run)).size,
      firstRun: first.directory,
    },
  ]
}

import { createHash } from 'node:crypto'
import { verdicts } from '../../core/verdicts.ts'
import { quoteConsoles } from '../console-quote.ts'
import { sentenceOf, skipReason, typeOf, verdictOfAttempt } from '../failure.ts'
import { plainText } from '../rendered-text.ts'
import { runFailure } from '../run-failure.ts'
import {
  finalAttempt,
  titleOf,
  type AttemptRecord,
  type BoardRecord,
  type RunRecord,
  type TestRecord,
} from '../run-record.ts'

/** How a run is called in the database of KernelCI. */
export interface KcidbNames {
  /** The CI system that submits: small letters, digits and `_`. */
  readonly origin: string
  /** The id of a build that was submitted already; without it the report has builds of its own. */
  readonly build?: string | undefined
}

/** Part of a report in the format of KCIDB; absent is what is not known, for nothing may be null. */
type Item = Readonly<Record<string, unknown>>

interface Builds {
  readonly checkouts: readonly Item[]
  readonly builds: readonly Item[]
  /** The id of the build that ran on a board at a moment. */
  readonly buildOf: (board: string, at: number) => string
}

const excerptLines = 40
const longestLine = 400
/** `log_excerpt` takes no more. */
const longestExcerpt = 16_384

/** A run as KCIDB I/O 5.3 (https://github.com/kernelci/kcidb-io), to be submitted to KernelCI. */
export function toKcidb(record: RunRecord, names: KcidbNames): Item {
  const { checkouts, builds, buildOf } = findBuilds(record, names)
  const tests = record.specs.flatMap((spec) => spec.tests)
  return {
    version: { major: 5, minor: 3 },
    ...(checkouts.length > 0 && { checkouts }),
    ...(builds.length > 0 && { builds }),
    tests: [...tests.map((test) => toTest(test, record, names, buildOf)), ...runTest(record, names, buildOf)],
  }
}

/** What told of itself by its banner is a build; where nothing did, each board has an unknown one. */
function findBuilds(record: RunRecord, { origin, build }: KcidbNames): Builds {
  if (build !== undefined) return { checkouts: [], builds: [], buildOf: () => build }
  const idOf = (board: BoardRecord | undefined, at: number) => {
    const banner = board?.boots.findLast((boot) => boot.at <= at)?.seen.banner ?? board?.boots[0]?.seen.banner
    const what = banner === undefined ? `${record.started?.runId ?? ''} ${board?.name ?? ''}` : banner
    return { id: `${origin}:${digest(`${board?.facts?.architecture ?? ''} ${what}`)}`, banner }
  }
  const builds = new Map<string, Item>()
  for (const board of record.boards) {
    for (const at of [Infinity, ...board.boots.map((boot) => boot.at)]) {
      const { id, banner } = idOf(board, at)
      builds.set(id, {
        ...{ id, origin, checkout_id: id },
        architecture: board.facts?.architecture?.replace(/[^a-z0-9_]/g, '_'),
        comment: banner === undefined ? undefined : clean(banner),
      })
    }
  }
  return {
    checkouts: [...builds.keys()].map((id) => ({ id, origin })),
    builds: [...builds.values()],
    buildOf: (name, at) =>
      idOf(record.boards.find((board) => board.name === name) ?? record.boards[0], at).id,
  }
}

function toTest(
  test: TestRecord,
  record: RunRecord,
  { origin }: KcidbNames,
  buildOf: Builds['buildOf'],
): Item {
  const { id, file, titles, boards } = test.identity
  const last = finalAttempt(test)
  const at = test.attempts.at(-1)?.at
  const end = (at ?? record.t) + (last?.ended.durationMs ?? 0)
  return {
    id: `${origin}:${record.started?.runId ?? ''}.${digest(id).slice(0, 12)}`,
    origin,
    build_id: buildOf(boards[0] ?? '', end),
    path: pathOf([...file.replace(/\.spec\.(?:[cm]?[jt]s|sh)$/, '').split('/'), ...titles]),
    comment: clean(titleOf(test.identity)),
    status: statusOf(last),
    start_time: at === undefined ? undefined : wallTime(record, at),
    duration: last === undefined ? undefined : last.ended.durationMs / 1000,
    environment: environmentOf(boards, record),
    log_excerpt: excerptOf(test.attempts.at(-1), record),
    misc: { hil: miscOf(test, record) },
  }
}

/** What failed outside of any test, so that nobody takes a broken bench for silence. */
function runTest(record: RunRecord, { origin }: KcidbNames, buildOf: Builds['buildOf']): readonly Item[] {
  const failure = runFailure(record)
  if (failure === undefined) return []
  const boards = record.boards.map(({ name }) => name)
  const verdict = record.finished?.interruptedBy === undefined ? record.finished?.verdict : undefined
  return [
    {
      id: `${origin}:${record.started?.runId ?? ''}.run`,
      origin,
      build_id: buildOf(boards[0] ?? '', record.t),
      path: 'hil.run',
      comment: clean(failure.message),
      status: verdict === undefined ? 'MISS' : verdicts[verdict].kcidb,
      start_time: wallTime(record, 0),
      duration: record.t / 1000,
      environment: environmentOf(boards, record),
      misc: { hil: { run: record.started?.runId, error: failure.type } },
    },
  ]
}

function statusOf(last: ReturnType<typeof finalAttempt>): string {
  if (last === undefined) return 'MISS'
  const verdict = verdictOfAttempt(last.ended)
  return verdict === undefined ? 'SKIP' : verdicts[verdict].kcidb
}

/** Segments of letters, digits, `_` and `-`, joined by dots. */
function pathOf(segments: readonly string[]): string {
  return segments
    .map((segment) => segment.replaceAll(/[^\w-]{1,100}/g, '_').replaceAll(/^_+|_+$/g, ''))
    .filter((segment) => segment !== '')
    .join('.')
}

function environmentOf(boards: readonly string[], record: RunRecord): Item {
  const facts = record.boards
    .filter(({ name }) => boards.includes(name))
    .flatMap((board) => board.facts ?? [])
  return {
    comment: clean(boards.join(' + ')),
    compatible: [...new Set(facts.flatMap(({ compatible }) => compatible))].map(clean),
  }
}

function excerptOf(attempt: AttemptRecord | undefined, record: RunRecord): string | undefined {
  if (attempt === undefined) return undefined
  const { ended, lastLines, at: since } = attempt
  const quotes = quoteConsoles(ended?.error, record, { lastLines, since, mostLines: excerptLines })
  const lines = quotes.flatMap((quote) => quote.lines.map((line) => line.slice(0, longestLine)))
  return lines.length === 0 ? undefined : clean(lines.join('\n')).slice(-longestExcerpt)
}

function miscOf({ identity: { boards }, attempts }: TestRecord, record: RunRecord): Item {
  const ended = attempts.at(-1)?.ended
  const error = attempts.findLast((attempt) => attempt.ended?.error !== undefined)?.ended?.error
  return {
    run: record.started?.runId,
    boards,
    attempts: attempts.length,
    verdict: ended && verdictOfAttempt(ended),
    skipped: ended?.outcome === 'skipped' ? skipReason(ended) : undefined,
    error: error && { type: typeOf(error), message: sentenceOf(error) },
  }
}

function wallTime({ started }: RunRecord, t: number): string | undefined {
  return started === undefined ? undefined : new Date(Date.parse(started.startedAt) + t).toISOString()
}

/** No control character: the database takes no NUL, and people no others. */
function clean(text: string): string {
  return plainText(text)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

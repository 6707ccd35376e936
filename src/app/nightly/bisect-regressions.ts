import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import { now } from '../../core/clock.ts'
import { formatDuration } from '../../core/duration.ts'
import { messageOf } from '../../core/errors.ts'
import type { EarlierNight, NightBisection, NightCell, NightRecord } from '../../core/night-record.ts'
import { compareNights } from '../../report/nightly/compare-nights.ts'
import { readBisection } from '../bisect/bisection-file.ts'
import { payloadWords } from '../payload/payload-words.ts'
import type { FinishOptions } from './finish-night.ts'
import { bisectionsDirectory } from './night-file.ts'
import type { BisectBudget, Plan, PlannedPayload } from './plan/plan.ts'

export interface BisectOptions extends FinishOptions {
  readonly budget: BisectBudget
  readonly last: EarlierNight | undefined
}

/** A bisection that gets less time can't even try its ends. */
const leastMs = 60_000

/**
 * Looks for the commits that broke what passed in an earlier night, by `hil bisect`, as far as the budget goes: one
 * bisection for each payload and spec, on the boards where it broke.
 */
export async function bisectRegressions(options: BisectOptions): Promise<NightRecord> {
  const { record, budget, plan, history, screen, last } = options
  if (last === undefined) return record
  const started = now()
  const bisections: NightBisection[] = []
  for (const cells of groups(compareNights(record, last, new Map()).newFailures)) {
    const [cell] = cells
    const payload = plan.payloads.find(({ name }) => name === cell?.payload)
    const bad = record.payloads.find(({ name }) => name === cell?.payload)?.commit?.id
    if (cell === undefined || payload?.source === undefined || bad === undefined) continue
    const good = (await history.lastPassed(record, cell))?.commit
    if (good === undefined || good === bad) continue
    const left = budget.timeMs - (now() - started)
    if (bisections.length >= budget.most || left < leastMs || options.interrupt.aborted) break
    screen.print(
      `bisect ${cell.id}: from ${good.slice(0, 12)} to ${bad.slice(0, 12)}, ${formatDuration(left)} at most\n`,
    )
    const found = await bisect(options, payload, cells, { cell: cell.id, good, bad }, left)
    screen.print(`bisect ${cell.id}: ${found.summary ?? 'it came to nothing'}\n`)
    bisections.push(found)
  }
  return { ...record, bisections: [...record.bisections, ...bisections] }
}

/** What broke on several boards at once is looked for once, on all of them. */
function groups(cells: readonly NightCell[]): readonly (readonly NightCell[])[] {
  const found = new Map<string, NightCell[]>()
  for (const cell of cells) {
    const key = `${cell.payload}/${cell.spec}`
    found.set(key, [...(found.get(key) ?? []), cell])
  }
  return [...found.values()]
}

async function bisect(
  { plan, directory, cwd, budget, interrupt }: BisectOptions,
  payload: PlannedPayload,
  cells: readonly NightCell[],
  about: Pick<NightBisection, 'cell' | 'good' | 'bad'>,
  timeMs: number,
): Promise<NightBisection> {
  const root = join(directory, bisectionsDirectory)
  const before = await readdir(root).catch((): string[] => [])
  const words = commandLine(plan, payload, cells, about, { ...budget, timeMs }, root)
  const [main = ''] = process.argv.slice(1)
  const { stderr, exitCode } = await execa(
    process.execPath,
    [...process.execArgv, main, 'bisect', ...words],
    {
      ...{
        cwd,
        reject: false,
        cancelSignal: interrupt,
        forceKillAfterDelay: false,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    },
  )
  const name = (await readdir(root).catch((): string[] => [])).find((each) => !before.includes(each))
  if (name === undefined)
    return { ...about, summary: `it did not begin: ${lastLine(stderr) ?? `status ${exitCode ?? '?'}`}` }
  const place = relative(directory, join(root, name))
  try {
    const { conclusion, stopped, commits } = await readBisection(join(root, name))
    const culprit = conclusion?.kind === 'found' ? commits[conclusion.commits[0] ?? '']?.subject : undefined
    const summary =
      conclusion?.summary ?? `it was stopped: ${stopped ?? lastLine(stderr) ?? 'nobody knows why'}`
    return { ...about, directory: place, summary, ...(culprit !== undefined && { culprit }) }
  } catch (error) {
    return { ...about, directory: place, summary: messageOf(error) }
  }
}

function commandLine(
  plan: Plan,
  { source, settings, bootargs }: PlannedPayload,
  cells: readonly NightCell[],
  { good, bad }: Pick<NightBisection, 'good' | 'bad'>,
  { timeMs, builds, powerCycles }: BisectBudget,
  root: string,
): readonly string[] {
  const spec = plan.specs.find(({ name }) => name === cells[0]?.spec)
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)]
  return [
    ...(spec?.files ?? []),
    ...['--env', plan.environment.file, '--good', good, '--bad', bad, '--report-dir', root],
    ...cells.flatMap(({ board }) => ['--board', board]),
    ...option('--grep', spec?.grep),
    ...option('--state', spec?.state),
    ...option('--timeout', spec?.testTimeoutMs && `${spec.testTimeoutMs}ms`),
    ...option('--build', source?.build),
    ...option('--repository', settings.kernelTree === undefined ? source?.repository : undefined),
    ...option('--config', source?.config),
    // There is no --make: a commit is made in any case.
    ...payloadWords({ ...settings, make: false }),
    ...bootargs.flatMap((text) => ['--bootargs', text]),
    ...option('--max-time', `${Math.floor(timeMs)}ms`),
    ...option('--max-builds', builds),
    ...option('--max-power-cycles', powerCycles),
  ]
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1) || undefined
}

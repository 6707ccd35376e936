import type { HistoryDatabase } from '../database/open-history.ts'
import { segments, type Segment } from '../statistics/change-points.ts'
import { median } from '../statistics/median.ts'
import type { HistoryFilter, Place, RunPoint } from './filter.ts'
import { groupBy } from './group-by.ts'

/** How long a board took to boot, over time. */
export interface BootCourse extends Place {
  /** The stage that ends a boot: the last one this board reaches. */
  readonly end: string
  /** Boots from power-on that came to the end, oldest first. */
  readonly boots: readonly BootPoint[]
  /** The whole boot, then the time spent in each stage, in the order of a boot. */
  readonly series: readonly BootSeries[]
}

export interface BootPoint extends RunPoint {
  /** Which boot of the board in its run. */
  readonly boot: number
}

export interface BootSeries {
  /** `boot`, or the name of a stage. */
  readonly name: string
  /** Which boot each value is of, as an index of `boots`. */
  readonly boots: readonly number[]
  /** In milliseconds. */
  readonly values: readonly number[]
  readonly median: number
  readonly last: number
  /** Parts between change points, as ranges of `values`. */
  readonly segments: readonly Segment[]
}

/** The latest boots are enough to see a trend, and soon drawn. */
const maximumBoots = 300

/** What a busy machine adds now and then is no change of a boot. */
const noticeableMs = 10

/** Stages that can end a boot, the latest first. */
const ends = ['shell', 'login', 'init', 'initramfs', 'kernel'] as const

export async function bootCourses(
  db: HistoryDatabase,
  { since, board }: HistoryFilter,
): Promise<readonly BootCourse[]> {
  const rows = await db
    .selectFrom('stages')
    .innerJoin('runs', 'runs.id', 'stages.run_id')
    .innerJoin('boots', (join) =>
      join
        .onRef('boots.run_id', '=', 'stages.run_id')
        .onRef('boots.board', '=', 'stages.board')
        .onRef('boots.number', '=', 'stages.boot'),
    )
    .select(['stages.board', 'runs.environment', 'runs.id as run', 'runs.started_at', 'runs.directory'])
    .select(['boots.kernel', 'stages.boot', 'stages.stage', 'stages.at_ms'])
    .where('runs.started_at', '>=', since)
    .$if(board !== undefined, (query) => query.where('stages.board', '=', board ?? ''))
    .orderBy('stages.board')
    .orderBy('runs.environment')
    .orderBy('runs.started_at')
    .orderBy('runs.id')
    .orderBy('stages.boot')
    .orderBy('stages.at_ms')
    .execute()
  return groupBy(rows, ({ board, environment }) => [board, environment]).flatMap((ofBoard) => {
    const boots = groupBy(ofBoard, ({ run, boot }) => [run, boot]).map(toBoot)
    const course = courseOf(boots)
    const [{ board, environment }] = ofBoard
    return course === undefined ? [] : [{ board, environment, ...course }]
  })
}

interface Row {
  readonly run: string
  readonly started_at: number
  readonly directory: string
  readonly kernel: string | null
  readonly boot: number
  readonly stage: string
  readonly at_ms: number
}

/** A boot with its stages, in the order in which they were reached. */
export interface StagedBoot extends BootPoint {
  readonly stages: readonly { readonly name: string; readonly at: number }[]
}

function toBoot(rows: readonly [Row, ...Row[]]): StagedBoot {
  const [{ run, started_at: startedAt, directory, kernel, boot }] = rows
  const stages = rows.map(({ stage, at_ms: at }) => ({ name: stage, at }))
  return { run, startedAt, directory, kernel: kernel ?? undefined, boot, stages }
}

/** @returns `undefined` where no boot from power-on came to an end */
export function courseOf(
  all: readonly StagedBoot[],
): Pick<BootCourse, 'end' | 'boots' | 'series'> | undefined {
  const powered = all.filter(({ stages }) => stages[0]?.name === 'power')
  const end = ends.find((name) => powered.some((boot) => timeOf(boot, name) !== undefined))
  if (end === undefined) return undefined
  const boots = powered.filter((boot) => timeOf(boot, end) !== undefined).slice(-maximumBoots)
  const stages = [...new Set(boots.flatMap((boot) => spentIn(boot, end).map(({ name }) => name)))]
  return {
    end,
    boots: boots.map(({ stages: _, ...boot }) => boot),
    series: [
      toSeries(
        'boot',
        boots.map((boot) => timeOf(boot, end)),
      ),
      ...inOrder(stages, boots).map((name) =>
        toSeries(
          name,
          boots.map((boot) => spentIn(boot, end).find((stage) => stage.name === name)?.ms),
        ),
      ),
    ],
  }
}

function timeOf({ stages }: StagedBoot, name: string): number | undefined {
  return stages.find((stage) => stage.name === name)?.at
}

/** How long a boot was in each stage: until it reached the next one. */
function spentIn({ stages }: StagedBoot, end: string) {
  return stages
    .slice(
      0,
      stages.findIndex(({ name }) => name === end),
    )
    .map(({ name, at }, index) => ({ name, ms: (stages[index + 1]?.at ?? at) - at }))
}

/** Stages as the boot with the most of them went through them, then the others. */
function inOrder(names: readonly string[], boots: readonly StagedBoot[]): readonly string[] {
  const fullest = boots.toSorted((a, b) => b.stages.length - a.stages.length)[0]
  const order = [...(fullest?.stages.map(({ name }) => name) ?? []), ...names]
  return [...new Set(order)].filter((name) => names.includes(name))
}

function toSeries(name: string, all: readonly (number | undefined)[]): BootSeries {
  const boots = all.flatMap((value, index) => (value === undefined ? [] : [index]))
  const values = all.filter((value) => value !== undefined)
  return {
    ...{ name, boots, values },
    median: median(values),
    last: values.at(-1) ?? Number.NaN,
    segments: segments(values, { minimumDifference: noticeableMs }),
  }
}

import { resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { nightVersion, type NightRecord } from '../../core/night-record.ts'
import { ownPackage } from '../../core/own-package.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { thisProcess } from '../../lab/lease/holder.ts'
import { lockResource } from '../../lab/resource-lock.ts'
import { createReportDirectory } from '../../report/report-directory.ts'
import { describePayload, dryRunText } from './dry-run.ts'
import { finishNight } from './finish-night.ts'
import { nightHistory } from './night-history.ts'
import { openStoredNight, type NightArguments } from './night-file.ts'
import { whoIsTold } from './notify/who-is-told.ts'
import { expandCells } from './plan/expand-cells.ts'
import type { Plan } from './plan/plan.ts'
import { readPlan } from './plan/read-plan.ts'
import { runNight } from './run-night.ts'

/** What `hil nightly` was told. */
export interface NightlyArguments {
  readonly plan: string
  readonly isDryRun: boolean
  /** Leaves out payloads that have passed all of it before. */
  readonly skipsPassed: boolean
  readonly reportRoot: string
}

/** A night that goes on does as it was told when it began. */
const skipOption = '--changed-since-last-good'

/**
 * `hil nightly`: a matrix of boards, payloads and specs, once.
 * @returns the exit code
 * @throws HilError for a plan that is wrong, and for what keeps the night from beginning
 */
export async function nightlyCommand(args: NightlyArguments, cwd = process.cwd()): Promise<number> {
  const plan = await readPlan(args.plan, cwd)
  if (args.isDryRun) {
    process.stdout.write(`${dryRunText(plan, cwd)}${await whoIsTold(plan)}`)
    return 0
  }
  const record = beginning(plan, cwd)
  const lock = await lockPlan(plan)
  try {
    const directory = createReportDirectory(resolve(cwd, args.reportRoot), new Date(), [
      `nightly-${plan.name}`,
    ])
    const { reportRoot, skipsPassed } = args
    return await run({ plan, directory, record, reportRoot, skipsPassed }, cwd)
  } finally {
    await lock.release()
  }
}

/** `hil nightly resume`: the cells that a night did not come to. @returns the exit code */
export async function resumeNightCommand(args: NightArguments, cwd = process.cwd()): Promise<number> {
  const { directory, record } = await openStoredNight(args, cwd)
  if (record.stopped === undefined && record.finishedAt !== undefined) {
    throw new HilError('nightly.finished', `${displayPath(directory, cwd)} has come to its end`, {
      blame: 'environment',
      details: { directory },
    })
  }
  const plan = await readPlan(record.planFile, cwd)
  const lock = await lockPlan(plan)
  try {
    const { reportRoot } = args
    const begun = { plan, directory, record: goingOn(record, plan, cwd), reportRoot }
    return await run({ ...begun, skipsPassed: record.argv.includes(skipOption) }, cwd)
  } finally {
    await lock.release()
  }
}

interface Begun {
  readonly plan: Plan
  readonly directory: string
  readonly record: NightRecord
  readonly reportRoot: string
  readonly skipsPassed: boolean
}

async function run(
  { plan, directory, record, reportRoot, skipsPassed }: Begun,
  cwd: string,
): Promise<number> {
  const history = nightHistory(reportRoot, cwd)
  return runNight({
    ...{ plan, directory, record, cwd },
    passedBefore: skipsPassed ? await history.passedBefore(record) : () => undefined,
    finish: (over, screen, interrupt) =>
      finishNight({ plan, directory, record: over, cwd, history, screen, interrupt }),
  })
}

/** Two nights of one plan at a time would build in each other's places. @throws HilError `lock.held` */
function lockPlan({ file }: Plan) {
  return lockResource(`nightly:${file}`, thisProcess(['hil', ...process.argv.slice(2)].join(' ')))
}

function beginning(plan: Plan, cwd: string): NightRecord {
  const { cells } = expandCells(plan)
  if (cells.length === 0) {
    throw new HilError(
      'nightly.no-cells',
      `${displayPath(plan.file, cwd)} excludes every cell of its matrix`,
      {
        blame: 'environment',
      },
    )
  }
  const startedAt = new Date().toISOString()
  return {
    version: nightVersion,
    ...{ id: startedAt, startedAt, name: plan.name, planFile: plan.file },
    argv: ['hil', ...process.argv.slice(2)],
    environmentFile: displayPath(plan.environment.file, cwd),
    versions: { hil: ownPackage().version, node: process.versions.node },
    boards: plan.boards.map(({ name }) => name),
    payloads: plan.payloads.map((payload) => ({
      name: payload.name,
      description: describePayload(payload, cwd),
    })),
    specs: plan.specs.map(({ name, files }) => ({
      name,
      files: files.map((file) => displayPath(file, cwd)),
    })),
    cells: cells.map((cell) => ({ ...cell, attempts: [] })),
    ...{ health: [], boardsOut: {}, bisections: [], notes: [], activeMs: 0 },
  }
}

/** What is done stays; boards that were out are tried again, and the plan may have changed. */
function goingOn(record: NightRecord, plan: Plan, cwd: string): NightRecord {
  const { stopped: _, finishedAt: _end, ...kept } = record
  const fresh = beginning(plan, cwd)
  const done = new Map(record.cells.map((cell) => [cell.id, cell]))
  const cells = fresh.cells.map((cell) => {
    const known = done.get(cell.id)
    return known === undefined || known.outcome === 'not-run' ? cell : known
  })
  const payloads = fresh.payloads.map(
    (payload) => record.payloads.find(({ name }) => name === payload.name) ?? payload,
  )
  const { boards, specs } = fresh
  return { ...kept, boards, specs, cells, payloads, boardsOut: {} }
}

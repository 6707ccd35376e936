import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { toBisection } from '../../bisect/search/bisection.ts'
import {
  bisectionVersion,
  type BisectionRecord,
  type BisectionSource,
  type BuildRecord,
} from '../../core/bisection-record.ts'
import { now } from '../../core/clock.ts'
import type { EmitEvent } from '../../core/events.ts'
import { startDeadline } from '../../core/deadline.ts'
import { ownPackage } from '../../core/own-package.ts'
import { interruptedExit, verdictOf, verdicts } from '../../core/verdicts.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { keepLeases, type KeptLeases } from '../../lab/lease/keep-leases.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { leasesOf } from '../leases.ts'
import { BisectionView } from '../../report/bisect/terminal/bisection-view.ts'
import { fileName } from '../../report/report-directory.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { superviseRun } from '../run/supervise-run.ts'
import { openOutput } from '../terminal.ts'
import { writeDurably } from '../durable-json.ts'
import { bisectionFile, rangeFile } from './bisection-file.ts'
import { lockBisection } from './bisection-lock.ts'
import type { Built } from '../commits/candidate-builder.ts'
import { conduct } from './conductor.ts'
import { earlierTimes } from './earlier-times.ts'
import { estimateOf } from './estimate.ts'
import { explainConclusion } from './explain.ts'
import type { OpenedBisection } from './open-bisection.ts'
import { probeRunner } from './probe-runner.ts'
import { remainingOf } from './remaining.ts'
import { writeReports } from './reports/write-reports.ts'
import { termsOf, type BisectSettings } from './settings.ts'
import { thinkApart } from './thinker/think-apart.ts'

export interface RunBisectionOptions {
  /** Absolute; settings lie there already. */
  readonly directory: string
  readonly settings: BisectSettings
  readonly opened: OpenedBisection
  /** Where it goes on; undefined where it begins. */
  readonly record: BisectionRecord | undefined
  /** What paths in the settings are relative to. */
  readonly cwd: string
  readonly queueing: Queueing
}

/** Where what builds print lies, below the directory of the bisection. */
const buildsDirectory = 'builds'

/**
 * Runs a bisection, from its beginning or from where it was stopped.
 * @returns the exit code
 * @throws HilError `lock.held` where somebody else runs this one, and for what says nothing about any commit
 */
export async function runBisection(options: RunBisectionOptions): Promise<number> {
  const { directory, settings, opened, cwd } = options
  const lock = await lockBisection(directory)
  const screen = new Screen(openOutput(process.stdout))
  const reserveMs = Math.max(...opened.boards.map(({ timeouts }) => timeouts.release))
  const emit: EmitEvent = (event) => {
    if (event.type === 'note') screen.print(`${event.message}\n`)
  }
  using supervision = superviseRun({ emit, reserveMs })
  const view = new BisectionView(screen)
  await using thinker = thinkApart(opened.plan)
  const bisection = toBisection(opened.plan)
  let record = options.record ?? beginning(options)
  const payloads = new Map<string, Extract<Built, { identity: string }>>()
  let leases: KeptLeases | undefined
  try {
    const kept = (leases = await leaseForAllProbes(options, emit, supervision.interrupt))
    if (options.record === undefined) await writeDurably(join(directory, rangeFile), opened.plan.range)
    const earlier = await earlierTimes(dirname(directory), record)
    const runProbe = probeRunner({
      ...{ environment: opened.environment, specs: opened.specs, directory, cwd, screen },
      ...{ argv: record.argv, force: settings.force, leaseBoards: kept.leaseBoards },
      ...(settings.grep !== undefined && { grep: settings.grep }),
      ...(settings.timeoutMs !== undefined && { timeoutMs: settings.timeoutMs }),
      ...(settings.state !== undefined && { state: settings.state }),
      payloadOf: (commit, board) => payloadOf(commit, board, payloads),
      wanted: () => (settings.anyFailure ? undefined : record.signature),
    })
    record = await conduct(
      {
        ...{ bisection, thinker },
        boards: opened.boards.map(({ name }) => name),
        doubtedAfter: new Map(opened.boards.map((board) => [board.name, board.quarantineAfter])),
        budget: settings.budget,
        build: (commit, signal) => build(commit, payloads, options, signal),
        probe: async (request, signal) => {
          const probe = await runProbe(request, signal)
          // A kernel that has passed before passes: that is a golden boot.
          if (probe.purpose === 'golden' && probe.outcome === 'pass') {
            await kept.judge(probe.board, { kind: 'mended' })
          }
          return probe
        },
        save: async (kept) => {
          record = kept
          await writeDurably(join(directory, bisectionFile), kept)
        },
        describe: (commits) => opened.range.describe(commits),
        explain: async (conclusion, all) => {
          const explained = explainConclusion(conclusion, all)
          const [culprit] = explained.kind === 'found' ? explained.commits : []
          const doubts = culprit === undefined ? [] : await opened.doubtsAbout(culprit)
          return { ...explained, checks: [...explained.checks, ...doubts] }
        },
        onUpdate: ({ decision, ...update }) => {
          const { record: all } = update
          const remaining = remainingOf(bisection.search, all, settings, decision.suspicion)
          view.update({
            ...update,
            ...(remaining === undefined ? { estimate: estimateOf(all, settings, earlier) } : { remaining }),
          })
        },
        signal: supervision.interrupt,
      },
      record,
    )
    view.update({ record, running: [] })
    await writeReports({ directory, record })
    supervision.throwIfBroken()
    return exitCodeOf(record, supervision.interrupt)
  } catch (error) {
    if (leases === undefined && supervision.interrupt.aborted)
      return exitCodeOf(record, supervision.interrupt)
    throw error
  } finally {
    view.end(displayPath(directory, cwd))
    await leases?.release()
    await lock.release()
  }
}

/** Nobody gets a board between two probes. */
async function leaseForAllProbes(
  { opened, queueing }: RunBisectionOptions,
  emit: EmitEvent,
  signal: AbortSignal,
): Promise<KeptLeases> {
  using t = startDeadline(Number.POSITIVE_INFINITY, 'the bisection', { signal })
  const what = ['hil', ...process.argv.slice(2)].join(' ')
  return await keepLeases(opened.boards, leasesOf(queueing), { what, emit }, t)
}

function beginning({ settings, opened, cwd }: RunBisectionOptions): BisectionRecord {
  const { plan, range, source, surroundings, boards, environment, specs, notes } = opened
  const [board] = boards
  const startedAt = new Date().toISOString()
  return {
    version: bisectionVersion,
    ...{ id: startedAt, startedAt, argv: ['hil', ...process.argv.slice(2)] },
    ...{ change: plan.change, terms: termsOf(settings), source },
    ends: { failing: plan.failingEnd, passing: plan.passingEnds },
    ...{ rangeSize: range.commits.length, commits: {}, confidenceWanted: settings.confidence },
    environmentFile: displayPath(environment.file, cwd),
    ...{ specs: specs.map((spec) => displayPath(spec, cwd)), boards: boards.map(({ name }) => name) },
    versions: { hil: ownPackage().version, node: process.versions.node, ...surroundings.versions },
    kernel: { ...(board?.architecture && { architecture: board.architecture }), ...surroundings.kernel },
    ...(surroundings.reporter && { reporter: surroundings.reporter }),
    ...{ builds: [], probes: [], setAside: setAsideBy(source), boardsOut: {}, notes, activeMs: 0 },
  }
}

type BuiltKernel = Extract<Built, { readonly identity: string }>

async function build(
  commit: string,
  payloads: Map<string, BuiltKernel>,
  { directory, opened }: RunBisectionOptions,
  signal: AbortSignal,
): Promise<BuildRecord> {
  using t = startDeadline(Number.POSITIVE_INFINITY, `building ${commit}`, { signal })
  const log = join(directory, buildsDirectory, `${fileName(commit)}.log`)
  await mkdir(dirname(log), { recursive: true })
  const startedAt = new Date().toISOString()
  const started = now()
  const built = await opened.builder.build(commit, log, t)
  // What was there already has none.
  const place = existsSync(log) ? { log: relative(directory, log) } : {}
  const made = { commit, startedAt, durationMs: now() - started, ...place }
  if ('obstacle' in built) return { ...made, obstacle: built.obstacle }
  payloads.set(commit, built)
  const { identity, isCached, notes } = built
  return { ...made, identity, isCached, ...(notes.length > 0 && { notes }) }
}

function payloadOf(commit: string, board: BoardSpec, payloads: ReadonlyMap<string, BuiltKernel>) {
  const built = payloads.get(commit)
  if (built === undefined) throw new RangeError(`${commit} was not built`)
  return { directory: built.payloadFor(board), identity: built.identity }
}

/** See `hil bisect --help`. */
function exitCodeOf({ conclusion }: BisectionRecord, { aborted, reason }: AbortSignal): number {
  if (aborted) return interruptedExit[reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT']
  switch (conclusion?.kind) {
    case 'found':
      return conclusion.isSure === true ? 0 : 1
    case 'narrowed':
    case 'contradiction':
      return 1
    case 'failing-end-passes':
    case 'passing-end-fails':
    case 'end-untestable':
      return verdicts[verdictOf('environment')].exit
    case undefined:
      return verdicts[verdictOf('infrastructure')].exit
  }
}

function setAsideBy(source: BisectionSource): BisectionRecord['setAside'] {
  if (source.kind === 'payloads') return {}
  return Object.fromEntries(source.skipped.map((commit) => [commit, 'it was to be skipped (--skip)']))
}

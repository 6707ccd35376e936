import { createHash } from 'node:crypto'
import { explainConclusion } from '../../../src/app/bisect/explain.ts'
import { CommitGraph } from '../../../src/bisect/search/commit-graph.ts'
import { isRevert, type Bisection } from '../../../src/bisect/search/bisection.ts'
import { decide, type Conclusion } from '../../../src/bisect/search/decide.ts'
import type { Probe } from '../../../src/bisect/search/probe.ts'
import { resultsFrom } from '../../../src/bisect/search/results.ts'
import { rangeStep, tellRange } from '../../../src/bisect/tell-range.ts'
import {
  bisectionVersion,
  type BisectionRecord,
  type BuildRecord,
  type FailureSignature,
  type ProbeOutcome,
  type ProbeRecord,
} from '../../../src/core/bisection-record.ts'
import type { RangeStory } from '../../../src/core/range-story.ts'
import { seededRandom } from '../../../src/history/statistics/random.ts'
import { describeFailure } from '../../../src/report/failures-of-run.ts'
import type { BisectionUpdate } from '../../../src/report/bisect/bisection-update.ts'
import { inventHistory } from './history.ts'

export interface SimulationOptions {
  readonly seed?: number
  readonly commits?: number
  readonly merges?: boolean
  readonly change?: 'regression' | 'fix'
  readonly boards?: readonly string[]
  /** How often a kernel with the bug fails. */
  readonly failureRate?: number
  /** What share of the commits does not build. */
  readonly brokenBuilds?: number
  /** So many commits just before the culprit don't build either: then it is one of several. */
  readonly brokenBeforeCulprit?: number
  /** What share of the commits fails in another way. */
  readonly otherFailures?: number
  /** How often the bench fails. */
  readonly benchFailures?: number
  /** It is stopped after so many runs. */
  readonly stopAfter?: number
  readonly signature?: FailureSignature
  readonly culprit?: 'anywhere' | 'none'
}

export interface SimulatedBisection {
  readonly record: BisectionRecord
  readonly story: RangeStory
  /** What was told while it went on. */
  readonly updates: readonly BisectionUpdate[]
  /** The commit with the change. */
  readonly culprit: string
}

const panic: FailureSignature = {
  kind: 'splat',
  signature: 'oops: rk_gmac_setup',
  title: 'Unable to handle kernel NULL pointer dereference in rk_gmac_setup',
}

interface Job {
  readonly probe: Probe
  readonly board: string
}

interface Span {
  readonly since: number
  readonly endsAt: number
}

const started = Date.UTC(2026, 2, 7, 18, 0, 0)

/** A bisection by the real search, of commits, kernels and boards that are all invented. Times are of an invented clock. */
export function simulateBisection(options: SimulationOptions = {}): SimulatedBisection {
  const { seed = 1, commits = 200, change = 'regression', boards = ['rock3a'], failureRate = 1 } = options
  const {
    brokenBuilds = 0,
    otherFailures = 0,
    benchFailures = 0,
    stopAfter = Infinity,
    signature = panic,
  } = options
  const random = seededRandom(seed)
  const history = inventHistory(commits, { random, merges: options.merges ?? false })
  const graph = new CommitGraph(history.commits)
  const descriptions = new Map([history.base, ...history.commits].map((each) => [each.id, each]))
  const culprit = Math.floor((0.1 + 0.8 * random()) * graph.size)
  const [bad, good] =
    change === 'regression'
      ? [graph.idOf(graph.size - 1), history.base.id]
      : [history.base.id, graph.idOf(graph.size - 1)]
  const isEnd = (id: string) => id === bad || id === good
  const broken = new Set(graph.ids.filter((id) => !isEnd(id) && random() < brokenBuilds))
  for (let back = 1; back <= (options.brokenBeforeCulprit ?? 0); back++)
    broken.add(graph.idOf(culprit - back))
  const different = new Set(graph.ids.filter((id) => !isEnd(id) && random() < otherFailures))
  const bisection: Bisection = {
    search: { graph, change },
    failingEnd: bad,
    passingEnds: [good],
    confidence: 0.99,
    checks: 3,
    patience: 200,
    parentsOf: (id) => descriptions.get(id)?.parents ?? [],
    revert: true,
  }

  const hasBug = (commit: string) => {
    if (options.culprit === 'none' || isRevert(commit)) return false
    const index = graph.indexOf(commit)
    const contains = index !== undefined && graph.ancestorsOf(index)[culprit] === 1
    return contains === (change === 'regression')
  }
  const outcomeOf = (commit: string): ProbeOutcome => {
    if (random() < benchFailures) return 'infrastructure'
    if (different.has(commit)) return 'other'
    return hasBug(commit) && random() < failureRate ? 'fail' : 'pass'
  }

  let clock = 0
  const builds: BuildRecord[] = []
  const probes: ProbeRecord[] = []
  const waiting: Job[] = []
  const running: (Job & Span & { readonly outcome: ProbeOutcome })[] = []
  let building: ({ readonly commit: string } & Span) | undefined
  const updates: BisectionUpdate[] = []
  const at = (ms: number) => new Date(started + ms).toISOString()
  const isBuilt = (commit: string) => builds.some((build) => build.commit === commit)

  /** Builds and runs what can be built and run now. */
  const work = () => {
    for (const job of [...waiting]) {
      const { commit } = job.probe
      if (isBuilt(commit)) {
        waiting.splice(waiting.indexOf(job), 1)
        if (broken.has(commit)) continue
        const outcome = outcomeOf(commit)
        const ms = Math.round(usualMs[outcome] * (0.9 + 0.2 * random()))
        running.push({ ...job, outcome, since: clock, endsAt: clock + ms })
      } else if (building === undefined) {
        const isCached = random() < 0.15 && !broken.has(commit)
        const ms = isCached ? cachedMs : Math.round(95_000 + 80_000 * random())
        building = { commit, since: clock, endsAt: clock + ms }
      }
    }
  }
  /** Lets time go by until something ends. */
  const finish = () => {
    const next = running.toSorted((a, b) => a.endsAt - b.endsAt)[0]
    if (building !== undefined && (next === undefined || building.endsAt <= next.endsAt)) {
      clock = building.endsAt
      builds.push(buildRecord(building))
      building = undefined
    } else if (next !== undefined) {
      running.splice(running.indexOf(next), 1)
      clock = next.endsAt
      probes.push(probeRecord(next))
    }
  }
  const buildRecord = ({ commit, since, endsAt }: NonNullable<typeof building>): BuildRecord => ({
    commit,
    startedAt: at(since),
    durationMs: endsAt - since,
    log: `builds/${descriptions.get(commit)?.shortId ?? 'revert'}.log`,
    ...(broken.has(commit) ? { obstacle: compilerError } : { identity: identityOf(commit) }),
    ...(endsAt - since === cachedMs ? { isCached: true } : {}),
  })
  const probeRecord = ({ probe, board, outcome, since, endsAt }: (typeof running)[number]): ProbeRecord => {
    const number = probes.length + 1
    return {
      number,
      ...probe,
      board,
      startedAt: at(since),
      durationMs: endsAt - since,
      powerCycles: 1,
      outcome,
      why: outcome === 'fail' ? describeFailure(signature) : why[outcome],
      ...(outcome === 'fail' ? { signature } : {}),
      identity: identityOf(probe.commit),
      report: `probes/${String(number).padStart(4, '0')}-${board}`,
    }
  }

  const recordNow = (conclusion?: Conclusion): BisectionRecord => {
    const named = new Set([good, bad, ...builds.map(({ commit }) => commit)])
    const isOver = conclusion !== undefined
    const base: BisectionRecord = {
      version: bisectionVersion,
      id: '2026-03-07T18-00-00Z-rock3a',
      startedAt: at(0),
      argv: [
        'hil',
        'bisect',
        'tests/boot.spec.ts',
        '--env',
        'env/rock3a.yaml',
        '--kernel-tree',
        'linux',
        '--good',
        'v6.17',
        '--bad',
        'v6.18',
      ],
      change,
      terms: change === 'fix' ? { old: 'broken', new: 'fixed' } : { old: 'good', new: 'bad' },
      source: {
        kind: 'kernel-tree',
        repository: '/src/linux',
        remote: 'https://git.example.org/linux.git',
        branch: 'master',
        isLinux: true,
        firstParent: false,
        paths: [],
        skipped: [],
      },
      ends: { failing: bad, passing: [good] },
      rangeSize: graph.size,
      commits: Object.fromEntries(
        [...descriptions]
          .filter(([id]) => named.has(id) || namedBy(conclusion, id))
          .map(([id, each]) => [id, each]),
      ),
      confidenceWanted: 0.99,
      environmentFile: 'env/rock3a.yaml',
      specs: ['tests/boot.spec.ts'],
      boards,
      versions: { hil: '0.1.0', node: 'v22.13.0', git: '2.39.5' },
      kernel: {
        architecture: 'arm64',
        compiler: 'aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0',
        config: { name: 'rock3a.config', sha256: 'c0ffee'.repeat(11).slice(0, 64) },
      },
      ...(probes.some(({ outcome }) => outcome === 'fail') ? { signature } : {}),
      builds: [...builds],
      probes: [...probes],
      setAside: {},
      boardsOut: {},
      notes: [],
      activeMs: Math.round(clock),
      ...(isOver ? { finishedAt: at(clock) } : {}),
    }
    return isOver ? { ...base, conclusion: explainConclusion(conclusion, base) } : base
  }

  for (;;) {
    const results = resultsFrom({ builds, probes, setAside: {} })
    const jobs = [...waiting, ...running]
    const free = boards.filter((board) => !jobs.some((each) => each.board === board))
    const means = { running: jobs.map(({ probe }) => probe), boards: free.length }
    const decision = decide(bisection, results, means)
    const isStopped = probes.length >= stopAfter
    const record = decision.kind === 'concluded' && !isStopped ? recordNow(decision.conclusion) : recordNow()
    const step = rangeStep(bisection.search, decision.suspicion)
    if (decision.kind === 'concluded' || isStopped) {
      const last = isStopped ? { ...record, stopped: 'it was interrupted by SIGINT' } : record
      updates.push({ record: last, running: [], remaining: remainingOf(step, 0) })
      return { record: last, story: tellRange(bisection.search, last), updates, culprit: graph.idOf(culprit) }
    }
    waiting.push(...decision.probes.map((probe, index) => ({ probe, board: free[index] ?? '' })))
    work()
    updates.push({
      record: recordNow(),
      running: running.map(({ probe, board, since }) => ({ ...probe, board, since })),
      building: building && { commit: building.commit, since: building.since },
      remaining: remainingOf(step, 95_000),
    })
    finish()
  }
}

function remainingOf(
  { left, likeliest, probability }: ReturnType<typeof rangeStep>,
  msEach: number,
): BisectionUpdate['remaining'] {
  const rounds = Math.ceil(Math.log2(Math.max(1, left)))
  return { commits: left, likeliest, probability, rounds, ms: rounds * msEach }
}

function namedBy(conclusion: Conclusion | undefined, id: string): boolean {
  return conclusion?.kind === 'narrowed' && conclusion.commits.includes(id)
}

const usualMs = { pass: 41_000, fail: 58_000, other: 47_000, untestable: 5000, infrastructure: 22_000 }
const cachedMs = 400

const compilerError = 'make failed: drivers/net/phy/phy_device.c:812: implicit declaration of function'

const why = {
  pass: 'all tests passed',
  other: 'the boot failed at stage "kernel" (kernel.panic): VFS: Unable to mount root fs',
  untestable: 'the payload has no device tree for this board',
  infrastructure: 'the power switch at /dev/ttyUSB3 does not answer',
}

/** What its kernel is. */
function identityOf(commit: string): string {
  return createHash('sha256').update(commit).digest('hex')
}

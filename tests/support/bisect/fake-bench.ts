import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { explainConclusion } from '../../../src/app/bisect/explain.ts'
import type {
  ConductorOptions,
  ConductorUpdate,
  ProbeRequest,
} from '../../../src/app/bisect/conductor-options.ts'
import { conduct } from '../../../src/app/bisect/conductor.ts'
import { thinkHere } from '../../../src/app/bisect/thinker/thinker.ts'
import type { Bisection } from '../../../src/bisect/search/bisection.ts'
import { CommitGraph, type CommitNode } from '../../../src/bisect/search/commit-graph.ts'
import {
  bisectionVersion,
  type BisectionRecord,
  type BuildRecord,
  type ProbeOutcome,
  type ProbeRecord,
} from '../../../src/core/bisection-record.ts'

/** Commits in a line, c0 the oldest; what lies before is `good`. */
export function line(size: number): readonly CommitNode[] {
  return Array.from({ length: size }, (_, index) => ({
    id: `c${index}`,
    parents: [index === 0 ? 'good' : `c${index - 1}`],
  }))
}

export interface FakeBenchOptions {
  readonly commits: readonly CommitNode[]
  readonly boards?: readonly string[]
  /** @default a failure from `culprit` on */
  readonly outcome?: (request: ProbeRequest) => ProbeOutcome
  readonly culprit?: string
  /** Why a commit does not build. */
  readonly obstacle?: (commit: string) => string | undefined
  /** Whether the build of a commit never ends. */
  readonly hangs?: (commit: string) => boolean
  /** @default the commit's own name */
  readonly identity?: (commit: string) => string
  readonly budget?: ConductorOptions['budget']
  /** @default 3 */
  readonly checks?: number
}

/** A bisection whose builds and runs are made up, and what it did. */
export class FakeBench {
  readonly bisection: Bisection
  readonly builds: string[] = []
  readonly probes: ProbeRecord[] = []
  readonly saved: BisectionRecord[] = []
  readonly updates: ConductorUpdate[] = []
  readonly interrupt = new AbortController()
  /** How many ran at the same time at most. */
  together = { builds: 0, probes: 0, saves: 0 }
  /** Is called before each probe comes to its end. */
  onProbe: (request: ProbeRequest) => void = () => undefined
  readonly #options: FakeBenchOptions
  readonly #now = { builds: 0, probes: 0, saves: 0 }
  /** By this run: who goes on has to ask for all kernels again. */
  readonly #built = new Set<string>()

  constructor(options: FakeBenchOptions) {
    this.#options = options
    const graph = new CommitGraph(options.commits)
    const parents = new Map(options.commits.map((commit) => [commit.id, commit.parents]))
    this.bisection = {
      search: { graph, change: 'regression' },
      failingEnd: graph.idOf(graph.size - 1),
      passingEnds: ['good'],
      ...{ confidence: 0.99, checks: options.checks ?? 3, patience: 10, revert: true },
      parentsOf: (commit) => parents.get(commit) ?? [],
    }
  }

  run(record: BisectionRecord = this.emptyRecord()): Promise<BisectionRecord> {
    const { boards = ['one'], budget = {} } = this.#options
    this.#built.clear()
    return conduct(
      {
        ...{ bisection: this.bisection, thinker: thinkHere(this.bisection), boards, budget },
        signal: this.interrupt.signal,
        build: (commit, signal) =>
          this.#counted('builds', () =>
            this.#options.hangs?.(commit) === true ? untilAborted(signal) : this.#build(commit),
          ),
        probe: (request) => this.#counted('probes', () => this.#probe(request)),
        save: (saved) => this.#counted('saves', () => this.#save(saved)),
        describe: (ids) =>
          Promise.resolve(
            Object.values(described(this.#options.commits)).filter(({ id }) => ids.includes(id)),
          ),
        explain: (conclusion, record) => Promise.resolve(explainConclusion(conclusion, record)),
        onUpdate: (update) => this.updates.push(update),
      },
      record,
    )
  }

  emptyRecord(): BisectionRecord {
    const { boards = ['one'], commits } = this.#options
    return {
      version: bisectionVersion,
      ...{ id: 'test', startedAt: '2026-01-01T00:00:00.000Z', argv: ['hil', 'bisect'], change: 'regression' },
      terms: { old: 'good', new: 'bad' },
      source: { kind: 'payloads', from: 'list' },
      ends: { failing: this.bisection.failingEnd, passing: this.bisection.passingEnds },
      ...{
        rangeSize: commits.length,
        commits: {},
        confidenceWanted: 0.99,
        environmentFile: 'lab.yaml',
      },
      ...{
        specs: ['boot.spec.ts'],
        boards,
        builds: [],
        probes: [],
        setAside: {},
        boardsOut: {},
        notes: [],
        activeMs: 0,
      },
    }
  }

  async #counted<T>(what: 'builds' | 'probes' | 'saves', work: () => Promise<T>): Promise<T> {
    this.#now[what]++
    this.together[what] = Math.max(this.together[what], this.#now[what])
    try {
      return await work()
    } finally {
      this.#now[what]--
    }
  }

  async #save(record: BisectionRecord): Promise<void> {
    await nextTurn()
    this.saved.push(record)
  }

  async #build(commit: string): Promise<BuildRecord> {
    this.builds.push(commit)
    await nextTurn()
    const { obstacle, identity = (id: string) => id } = this.#options
    const why = obstacle?.(commit)
    if (why === undefined) this.#built.add(commit)
    const made = why === undefined ? { identity: identity(commit) } : { obstacle: why }
    return { commit, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1000, ...made }
  }

  async #probe(request: ProbeRequest): Promise<ProbeRecord> {
    await nextTurn()
    await nextTurn()
    this.onProbe(request)
    if (!this.#built.has(request.commit)) throw new RangeError(`${request.commit} was not built`)
    const { outcome = (asked: ProbeRequest) => this.#natural(asked) } = this.#options
    const probe: ProbeRecord = {
      ...{ ...request, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1000, powerCycles: 1 },
      ...{ outcome: outcome(request), why: 'made up' },
      ...(outcome(request) === 'fail' && { signature: { kind: 'test', test: 't', message: 'm' } as const }),
    }
    this.probes.push(probe)
    return probe
  }

  #natural({ commit }: ProbeRequest): ProbeOutcome {
    const { graph } = this.bisection.search
    const index = graph.indexOf(commit)
    const culprit = graph.indexOf(this.#options.culprit ?? '') ?? 0
    return index !== undefined && graph.ancestorsOf(index)[culprit] === 1 ? 'fail' : 'pass'
  }
}

function described(commits: readonly CommitNode[]): BisectionRecord['commits'] {
  return Object.fromEntries(
    commits.map(({ id, parents }) => [id, { id, shortId: id, subject: `Change ${id}`, parents }]),
  )
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  throw new Error('cut off')
}

import { isRevert } from '../../bisect/search/bisection.ts'
import type { Conclusion, Means } from '../../bisect/search/decide.ts'
import type { Probe } from '../../bisect/search/probe.ts'
import type { BisectionRecord, ProbeRecord } from '../../core/bisection-record.ts'
import { now } from '../../core/clock.ts'
import { startDeadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { Bench } from './bench.ts'
import { accusedBy, passedKernels, whyOut } from './board-proof.ts'
import { overBudget, timeUsedUp } from './budget.ts'
import type { ConductorOptions, ProbeRequest, RunningProbe, Started } from './conductor-options.ts'
import type { Question } from './thinker/thinker.ts'
import { expectedTimes } from './times.ts'

/**
 * Runs a bisection to its end: keeps all boards busy, builds ahead while they are, tries again what failed by the
 * fault of the bench, and has a board that fails again and again show that it is well.
 *
 * @returns the record, with a conclusion, or with why it was stopped before there was one
 * @throws what `build` and `probe` throw; what was found out before is saved
 */
export function conduct(options: ConductorOptions, record: BisectionRecord): Promise<BisectionRecord> {
  return new Conductor(options, record).run()
}

function namedIn(conclusion: Conclusion): readonly string[] {
  if ('commits' in conclusion) return conclusion.commits
  return 'commit' in conclusion ? [conclusion.commit] : []
}

function stuckError(probes: readonly Probe[]): HilError {
  const wanted = probes.map(({ commit }) => commit).join(', ') || 'nothing'
  return new HilError('hil.bisect-stuck', `the bisection has nothing to wait for, and wants ${wanted}`, {
    blame: 'hil',
  })
}

/** So many times a board may fail to show that it is well. */
const goldenTries = 2

class Conductor {
  readonly #options: ConductorOptions
  readonly #bench: Bench
  readonly #ending = new AbortController()
  readonly #tasks = new Set<Promise<void>>()
  /** How many tasks have ended: what was thought of before is thought of again. */
  #changes = 0
  /** By board. */
  readonly #running = new Map<string, RunningProbe>()
  /** Built by this process: what an earlier one built is asked for again, and found. */
  readonly #ready = new Set<string>()
  #building: Started | undefined
  /** The end of what is being saved. */
  #saved = Promise.resolve()
  #record: BisectionRecord
  /** As it was given. */
  readonly #before: BisectionRecord
  #lastNumber: number
  #countedUntil = now()
  #failure: { readonly error: unknown } | undefined

  constructor(options: ConductorOptions, record: BisectionRecord) {
    const { stopped: _, ...rest } = record
    this.#options = options
    this.#record = this.#before = rest
    this.#bench = new Bench(options.boards, options.doubtedAfter)
    for (const board of Object.keys(record.boardsOut)) this.#bench.remove(board)
    this.#lastNumber = record.probes.at(-1)?.number ?? 0
  }

  async run(): Promise<BisectionRecord> {
    const { signal, budget } = this.#options
    // A build that hangs has no limit but this one.
    using time = startDeadline(budget.timeMs ?? Infinity, 'the bisection', { signal })
    const onAbort = () => {
      this.#ending.abort(time.signal.reason)
    }
    time.signal.addEventListener('abort', onAbort, { once: true })
    if (time.signal.aborted) onAbort()
    try {
      const end = await this.#work()
      await this.#endTasks()
      return await this.#keep({ ...end })
    } finally {
      time.signal.removeEventListener('abort', onAbort)
      await this.#endTasks()
    }
  }

  /** @returns what the record gets at the end */
  async #work(): Promise<Partial<BisectionRecord>> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      if (this.#options.signal.aborted) return { stopped: 'it was interrupted' }
      if (this.#ending.signal.aborted) return { stopped: timeUsedUp(this.#options.budget) }
      const change = this.#changes
      const decision = await this.#options.thinker.decide(this.#question())
      if (change !== this.#changes) continue
      if (decision.kind === 'concluded') {
        const commits = await this.#described(namedIn(decision.conclusion))
        const conclusion = await this.#options.explain(decision.conclusion, { ...this.#record, commits })
        return { commits, conclusion, finishedAt: new Date().toISOString() }
      }
      const spent = overBudget(this.#options.budget, this.#record, this.#before)
      if (spent !== undefined) return { stopped: spent }
      const golden = await this.#proveDoubted()
      if (this.#bench.usable.length === 0) return { stopped: 'no board is left that works' }
      this.#startProbes(decision.probes)
      await this.#startBuild([...golden, ...decision.probes.map(({ commit }) => commit)])
      this.#options.onUpdate({
        record: this.#record,
        decision,
        running: [...this.#running.values()],
        building: this.#building,
      })
      if (change !== this.#changes || this.#ending.signal.aborted) continue
      if (this.#tasks.size === 0) throw stuckError(decision.probes)
      await Promise.race(this.#tasks)
    }
  }

  async #endTasks(): Promise<void> {
    this.#ending.abort()
    await Promise.all(this.#tasks)
  }

  /** Plain data: it goes to another thread. */
  #question(): Question {
    const { builds, probes, setAside } = this.#record
    return { record: { builds, probes, setAside }, means: this.#means() }
  }

  #means(): Means {
    const running = [...this.#running.values()].flatMap(({ commit, purpose }) =>
      purpose === 'golden' ? [] : [{ commit, purpose }],
    )
    const times = expectedTimes(this.#record, this.#ready)
    return { running, boards: this.#bench.trusted.length, ...(times && { times }) }
  }

  /**
   * A board that failed again and again runs a kernel that has passed: then it is known whose fault it was.
   * @returns kernels that have to be built for that
   */
  async #proveDoubted(): Promise<readonly string[]> {
    const wanted: string[] = []
    for (const { board, inARow } of this.#bench.doubted) {
      const golden = this.#goldenKernel()
      if (golden === undefined || inARow >= this.#bench.limitOf(board) + goldenTries) {
        const why = whyOut(this.#record, inARow, golden !== undefined)
        this.#bench.remove(board)
        await this.#keep({ boardsOut: { ...this.#record.boardsOut, [board]: why } })
      } else if (this.#ready.has(golden)) this.#startProbe({ commit: golden, purpose: 'golden' }, board)
      else wanted.push(golden)
    }
    return wanted
  }

  /** One that has passed, rather one that was built by this process. */
  #goldenKernel(): string | undefined {
    const passed = passedKernels(this.#record).filter(
      (commit) => this.#ready.has(commit) || this.#isMissing(commit),
    )
    return passed.find((commit) => this.#ready.has(commit)) ?? passed[0]
  }

  #startProbes(probes: readonly Probe[]): void {
    const boards = [...this.#bench.trusted]
    for (const probe of probes.filter(({ commit }) => this.#ready.has(commit))) {
      const board = boards.shift()
      if (board !== undefined) this.#startProbe(probe, board)
    }
  }

  #startProbe({ commit, purpose }: Pick<ProbeRequest, 'commit' | 'purpose'>, board: string): void {
    const request = { number: ++this.#lastNumber, commit, purpose, board }
    this.#running.set(board, { ...request, since: now() })
    this.#bench.take(board)
    this.#begin(async () => {
      const probe = await this.#options.probe(request, this.#ending.signal).finally(() => {
        this.#running.delete(board)
      })
      this.#bench.giveBack(
        board,
        purpose === 'golden' ? probe.outcome === 'pass' : probe.outcome !== 'infrastructure',
      )
      const setAside =
        purpose === 'golden' && probe.outcome === 'pass'
          ? accusedBy(this.#record, board, this.#bench.limitOf(board))
          : {}
      await this.#keep({
        probes: [...this.#record.probes, probe],
        setAside: { ...this.#record.setAside, ...setAside },
        ...(this.#record.signature === undefined && this.#learn(probe)),
      })
    })
  }

  /** The failure that is looked for is the one that the failing end shows first. */
  #learn({ commit, outcome, signature }: ProbeRecord): Partial<BisectionRecord> {
    const isFirst = commit === this.#options.bisection.failingEnd && outcome === 'fail'
    return isFirst && signature !== undefined ? { signature } : {}
  }

  /** First what is wanted now, then what will be wanted next. */
  async #startBuild(wanted: readonly string[]): Promise<void> {
    if (this.#building !== undefined) return
    const next = wanted.find((commit) => this.#isMissing(commit)) ?? (await this.#nextAhead())
    if (next === undefined || this.#ending.signal.aborted) return
    this.#building = { commit: next, since: now() }
    this.#begin(async () => {
      const build = await this.#options.build(next, this.#ending.signal).finally(() => {
        this.#building = undefined
      })
      if (build.identity !== undefined) this.#ready.add(next)
      const commits = await this.#described([next])
      await this.#keep({ commits, builds: [...this.#record.builds, build] })
    })
  }

  async #nextAhead(): Promise<string | undefined> {
    if (this.#running.size === 0) return undefined
    const ahead = await this.#options.thinker.lookAhead(this.#question())
    return ahead.find((commit) => this.#isMissing(commit))
  }

  #isMissing(commit: string): boolean {
    const isHopeless = this.#record.builds.some(
      (build) => build.commit === commit && build.obstacle !== undefined,
    )
    return !this.#ready.has(commit) && !isHopeless
  }

  /** All commits there is something to say of, with these. */
  async #described(ids: readonly string[]): Promise<BisectionRecord['commits']> {
    const known = this.#record.commits
    const unknown = ids.filter((id) => known[id] === undefined && !isRevert(id))
    const found = unknown.length === 0 ? [] : await this.#options.describe(unknown)
    return { ...this.#record.commits, ...Object.fromEntries(found.map((each) => [each.id, each])) }
  }

  #begin(work: () => Promise<void>): void {
    const task: Promise<void> = work()
      .catch((error: unknown) => {
        // What was cut off at the end is no failure.
        if (!this.#ending.signal.aborted) this.#failure ??= { error }
      })
      .finally(() => {
        this.#tasks.delete(task)
        this.#changes++
      })
    this.#tasks.add(task)
  }

  async #keep(change: Partial<BisectionRecord>): Promise<BisectionRecord> {
    const time = now()
    const activeMs = this.#record.activeMs + time - this.#countedUntil
    this.#countedUntil = time
    const record = (this.#record = { ...this.#record, ...change, activeMs })
    // Two that end at the same moment would write one file at the same time.
    const saved = this.#saved.then(() => this.#options.save(record))
    this.#saved = saved.catch(() => undefined)
    await saved
    return this.#record
  }
}

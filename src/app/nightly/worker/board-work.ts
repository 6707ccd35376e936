import { relative, resolve } from 'node:path'
import { now } from '../../../core/clock.ts'
import { startDeadline } from '../../../core/deadline.ts'
import { formatDuration } from '../../../core/duration.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import type { EmitEvent } from '../../../core/events.ts'
import { isHostFailure } from '../../../core/host-failure.ts'
import type { CellAttempt } from '../../../core/night-record.ts'
import { verdicts } from '../../../core/verdicts.ts'
import type { BoardSpec, Environment } from '../../../environment/environment.ts'
import { noPayload } from '../../../environment/payload-settings.ts'
import { keepLeases, type KeptLeases } from '../../../lab/lease/keep-leases.ts'
import { leasesOf } from '../../leases.ts'
import { describeFailure, failuresOfRun } from '../../../report/failures-of-run.ts'
import type { RunRecord } from '../../../report/run-record.ts'
import type { Output } from '../../../report/terminal/output.ts'
import { Screen } from '../../../report/terminal/screen.ts'
import { openEnvironment } from '../../environment/environments.ts'
import { BootCollector } from '../../history/collect-boots.ts'
import { runOnBoard, type SingleRun } from '../../run/single-run.ts'
import type { CellJob, FromBoard, JobPayload, ToBoard } from './messages.ts'

type Start = Extract<ToBoard, { type: 'start' }>

/** A leased board, and what is run on it. */
export class BoardWork {
  readonly #start: Start
  readonly #environment: Environment
  readonly #board: BoardSpec
  readonly #leases: KeptLeases
  readonly #ending: AbortSignal
  #running: Promise<unknown> | undefined

  private constructor(
    start: Start,
    environment: Environment,
    board: BoardSpec,
    leases: KeptLeases,
    ending: AbortSignal,
  ) {
    this.#start = start
    this.#environment = environment
    this.#board = board
    this.#leases = leases
    this.#ending = ending
  }

  /** @param ending its reason is the name of a signal @throws HilError `lock.held` (infrastructure), `environment.*` */
  static async start(
    start: Start,
    tell: (message: FromBoard) => void,
    ending: AbortSignal,
  ): Promise<BoardWork> {
    const environment = await openEnvironment(start.environment, start.cwd)
    const board = environment.boards.find(({ name }) => name === start.board)
    if (board === undefined) throw new RangeError(`there is no board ${start.board}`)
    const emit: EmitEvent = (event) => {
      if (event.type === 'note') tell({ type: 'note', message: event.message })
    }
    using t = startDeadline(Number.POSITIVE_INFINITY, 'the night', { signal: asError(ending) })
    const what = start.argv.join(' ')
    const leases = await keepLeases([board], leasesOf(start.queueing), { what, emit }, t)
    return new BoardWork(start, environment, board, leases, ending)
  }

  async run(job: CellJob): Promise<CellAttempt> {
    const work = this.#run(job)
    this.#running = work.catch(() => undefined)
    return work
  }

  /** After the run there is, if any: that leaves the board as declared. */
  async close(): Promise<void> {
    await this.#running
    await this.#leases.release()
  }

  async #run(job: CellJob): Promise<CellAttempt> {
    const { cwd, reports, argv } = this.#start
    const { specs, grep, state, retries, testTimeoutMs: timeoutMs } = job
    const stop = new AbortController()
    const onEnding = () => {
      stop.abort(this.#ending.reason)
    }
    this.#ending.addEventListener('abort', onEnding, { once: true })
    if (this.#ending.aborted) onEnding()
    const timer = setTimeout(() => {
      stop.abort(timeUp(job))
    }, job.timeoutMs)
    const boots = new BootCollector()
    const startedAt = new Date().toISOString()
    const started = now()
    try {
      const run = await runOnBoard({
        ...{ environment: this.#environment, board: booting(this.#board, job.boots), specs, grep, state },
        ...{ retries, timeoutMs, root: reports, cwd, argv, screen: new Screen(nobody), force: false },
        ...{ interrupt: stop.signal, exitMode: 'run', leaseBoards: this.#leases.leaseBoards },
        onEvent: (event) => {
          boots.add(event)
        },
      })
      const { verdict } = run.outcome
      if (job.isHealthCheck === true && (verdict === 'passed' || verdict === 'flaky')) {
        await this.#leases.judge(this.#board.name, { kind: 'mended' })
      }
      return toAttempt(run, boots, (report) => relative(resolve(reports, '..'), resolve(cwd, report)))
    } catch (error) {
      // Its report could not be written.
      return broken(error, startedAt, now() - started)
    } finally {
      clearTimeout(timer)
      this.#ending.removeEventListener('abort', onEnding)
    }
  }
}

function booting(board: BoardSpec, boots: JobPayload): BoardSpec {
  const { boot } = board
  switch (boots.kind) {
    case 'directory':
      return { ...board, boot: { ...boot, payload: { ...noPayload, directory: boots.directory } } }
    case 'environment':
      return { ...board, boot: { ...boot, bootargs: [...boot.bootargs, ...boots.bootargs] } }
    case 'stock':
      return { ...board, boot: { ...boot, payload: undefined } }
  }
}

function timeUp({ timeoutMs }: CellJob): HilError {
  return new HilError(
    'nightly.cell-timeout',
    `the cell took longer than the ${formatDuration(timeoutMs)} that the plan gives it`,
    { blame: 'test', details: { timeoutMs } },
  )
}

function toAttempt(
  { record, outcome, startedAt, durationMs, powerCycles, report }: SingleRun,
  boots: BootCollector,
  place: (report: string) => string,
): CellAttempt {
  const { verdict, counts, error } = outcome
  const [signature] = failuresOfRun(record)
  const [first] = boots.end()
  const bootMs = first?.stages.at(-1)?.at
  const isGood = verdict === 'passed' || verdict === 'flaky'
  const said =
    error === undefined && signature !== undefined
      ? describeFailure(signature)
      : error === undefined
        ? verdicts[verdict].means
        : messageOf(error)
  return {
    ...{ startedAt, durationMs, verdict, counts, powerCycles, report: place(report) },
    why: isGood && counts.passed + counts.flaky === 0 ? 'all tests were skipped' : said,
    ...(verdict === 'infrastructure-failed' && isOfHost(record) && { isOfHost: true }),
    ...(signature && { signature }),
    ...(bootMs !== undefined && { bootMs }),
    ...(first?.kernel !== undefined && { kernel: first.kernel }),
  }
}

/** Whether all that the bench has failed was the host's fault. */
function isOfHost({ specs, finished }: RunRecord): boolean {
  const ended = specs.flatMap(({ tests }) => tests).flatMap(({ attempts }) => attempts.at(-1)?.ended ?? [])
  const errors = [...ended.flatMap(({ error }) => error ?? []), ...(finished?.error ? [finished.error] : [])]
  const failures = errors.filter(({ blame }) => blame === 'infrastructure')
  return failures.length > 0 && failures.every(isHostFailure)
}

function broken(error: unknown, startedAt: string, durationMs: number): CellAttempt {
  const isFull = error instanceof HilError && error.blame !== 'hil'
  return {
    ...{
      startedAt,
      durationMs,
      verdict: isFull ? 'infrastructure-failed' : 'hil-bug',
      why: messageOf(error),
    },
    ...(isFull && { isOfHost: true }),
    counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
    powerCycles: 0,
  }
}

/** Nothing is shown of a cell but what the night says. */
const nobody: Output = { isTerminal: false, isColoured: false, columns: 80, write: () => undefined }

/** Deadlines want an error for their reason. */
function asError(signal: AbortSignal): AbortSignal {
  const own = new AbortController()
  const abort = () => {
    own.abort(new Error(`interrupted by ${String(signal.reason)}`))
  }
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return own.signal
}

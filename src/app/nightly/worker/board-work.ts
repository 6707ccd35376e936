import { relative, resolve } from 'node:path'
import { now } from '../../../core/clock.ts'
import { startDeadline } from '../../../core/deadline.ts'
import { formatDuration } from '../../../core/duration.ts'
import { HilError } from '../../../core/errors.ts'
import type { EmitEvent } from '../../../core/events.ts'
import type { CellAttempt } from '../../../core/night-record.ts'
import { isPass } from '../../../core/verdicts.ts'
import type { BoardSpec, Environment } from '../../../environment/environment.ts'
import { noPayload } from '../../../environment/payload-settings.ts'
import { keepLeases, type KeptLeases } from '../../../lab/lease/keep-leases.ts'
import { goldenSpec } from '../../../session/board/golden-boot.ts'
import { leasesOf } from '../../leases.ts'
import type { Output } from '../../../report/terminal/output.ts'
import { Screen } from '../../../report/terminal/screen.ts'
import { openEnvironment } from '../../environment/environments.ts'
import { BootCollector } from '../../history/collect-boots.ts'
import { runOnBoard } from '../../run/single-run.ts'
import { brokenAttempt, toAttempt } from './attempt.ts'
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
      if (job.isHealthCheck === true && isPass(run.outcome.verdict)) {
        await this.#leases.judge(this.#board.name, { kind: 'mended' })
      }
      return toAttempt(run, boots, (report) => relative(resolve(reports, '..'), resolve(cwd, report)))
    } catch (error) {
      // Its report could not be written.
      return brokenAttempt(error, startedAt, now() - started)
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
    case 'golden':
      return goldenSpec(board)
  }
}

function timeUp({ timeoutMs }: CellJob): HilError {
  return new HilError(
    'nightly.cell-timeout',
    `the cell took longer than the ${formatDuration(timeoutMs)} that the plan gives it`,
    { blame: 'test', details: { timeoutMs } },
  )
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

import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { messageOf, toSerializedError, type SerializedError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import { rulesFor } from '../kernel/allowed-findings.ts'
import type { BoardService } from '../board/board-service.ts'
import { CallDesk } from '../board/call-desk.ts'
import { deathError } from './death-error.ts'
import { Inbox } from './inbox.ts'
import type { KernelWatch } from '../kernel/kernel-watch.ts'
import type { Job } from './plan-groups.ts'
import type { BoardInfo, Debug, FromWorker, HookFailed, TestBegan, TestResult } from './protocol.ts'
import { relayEvent } from './relay-events.ts'
import type { RunControl } from '../run-control.ts'
import type { SpecWorker, WorkerEnd } from './spec-worker.ts'
import { TestLedger, type FinalResult } from '../test-ledger.ts'

export interface FileRunOptions {
  readonly job: Job
  /** The file as events name it. */
  readonly fileName: string
  readonly services: ReadonlyMap<string, BoardService>
  readonly boards: readonly BoardInfo[]
  /** Attempts of a test that did not live to tell how many it has. */
  readonly attempts: number
  /** A worker that has loaded the file: the last one, or a new one when that is gone. */
  readonly worker: () => Promise<SpecWorker>
  readonly control: RunControl
  readonly emit: EmitEvent
  /** The run's deadline: aborted when the run is interrupted. */
  readonly root: Deadline
  readonly onFailure: (
    services: readonly BoardService[],
    test: string,
    error: SerializedError,
  ) => Promise<void>
}

/**
 * One run of a file, seen from the process that owns the boards. mocha leaves tests out after a
 * hook failed, and a worker can die: what has no result then is run in a further pass.
 */
export class FileRun {
  readonly #options: FileRunOptions
  readonly #ledger: TestLedger
  /** What had been found when the test began. */
  #kernelMarks: ReadonlyMap<KernelWatch, number> = new Map()

  constructor(options: FileRunOptions) {
    this.#options = options
    const { job, fileName, emit } = options
    const services = this.#services()
    this.#ledger = new TestLedger({
      file: fileName,
      boards: job.boards,
      tests: job.file.tests,
      emit,
      consolePositions: () =>
        Object.fromEntries(services.map(({ board }) => [board.name, board.receivedBytes()])),
    })
  }

  get results(): readonly FinalResult[] {
    return this.#ledger.results
  }

  /** @throws the reason of an interruption */
  async run(): Promise<void> {
    const { control } = this.#options
    while (this.#ledger.remaining.length > 0 && !control.isStopped) {
      const before = this.#ledger.progress
      try {
        await this.#pass()
      } catch (error) {
        this.#ledger.end({ outcome: 'skipped', durationMs: 0, reason: (error as Error).message })
        throw error
      }
      if (this.#ledger.progress === before && !control.isStopped) {
        this.#ledger.skip(this.#ledger.remaining, 'a hook or the end of the process kept it from running')
      }
    }
  }

  #services(): readonly BoardService[] {
    const { job, services } = this.#options
    return job.boards.flatMap((board) => services.get(board) ?? [])
  }

  async #pass(): Promise<void> {
    const { job, services, root, control } = this.#options
    const worker = await this.#options.worker()
    // Loading takes a while, in which another group may have stopped the run.
    if (control.isStopped) return
    const desk = new CallDesk(services, root, (message) => {
      worker.send(message)
    })
    const unlisten = control.onStop(() => {
      worker.send({ type: 'stop' })
    })
    const { promise: ran, inbox } = this.#listenTo(worker, desk)
    const { done, attempts } = this.#ledger
    worker.send({
      type: 'run',
      file: job.file.file,
      primary: job.primary,
      boards: this.#options.boards,
      done,
      attempts,
    })
    try {
      const end = await root.race(Promise.race([ran, worker.ended]))
      if (end !== undefined) {
        await root.race(inbox.idle())
        this.#onDeath(end)
      }
    } finally {
      unlisten()
      inbox.close()
      desk.cancelAll()
      worker.listener = undefined
      await Promise.all(this.#services().map(({ network }) => network.closeForwards()))
    }
  }

  /** @returns what resolves when the worker has run the file */
  #listenTo(worker: SpecWorker, desk: CallDesk) {
    let onRan: () => void = () => undefined
    const promise = new Promise<undefined>((resolve) => {
      onRan = () => {
        resolve(undefined)
      }
    })
    const inbox = new Inbox<FromWorker>((message) => {
      if (message.type === 'ran') onRan()
      else return this.#onMessage(message, worker, desk)
    })
    worker.listener = {
      message: (message) => {
        inbox.take(message)
      },
      output: (stream, text) => {
        this.#options.emit({ type: 'spec-output', stream, text })
      },
    }
    return { promise, inbox }
  }

  #onMessage(message: FromWorker, worker: SpecWorker, desk: CallDesk): Promise<void> | undefined {
    const { emit } = this.#options
    switch (message.type) {
      case 'test-began':
        this.#kernelMarks = this.#markKernels(message.allow)
        this.#ledger.begin(message)
        break
      case 'test-result':
        return this.#onResult(message)
      case 'hook-failed':
        this.#onHookFailed(message)
        break
      case 'call':
        void desk.take(message)
        break
      case 'cancel':
        desk.cancel(message.calls)
        break
      case 'debug':
        void this.#onDebug(message, worker)
        break
      case 'step':
      case 'output':
      case 'note':
        relayEvent(message, { workerId: worker.id, testId: (key) => this.#idOf(key), emit })
        break
      default:
        break
    }
  }

  #markKernels(allowed: TestBegan['allow']): ReadonlyMap<KernelWatch, number> {
    const { primary } = this.#options.job
    const marks = this.#services().flatMap(({ kernels, board }) => {
      const rules = rulesFor(board.name, primary, allowed)
      return kernels.map((kernel) => [kernel, kernel.mark(rules)] as const)
    })
    return new Map(marks)
  }

  /** A report that is under way has no function in its title yet: what is judged is the whole of it. */
  #onResult(result: TestResult): Promise<void> | undefined {
    const reporting = [...this.#kernelMarks.keys()].filter(({ isReporting }) => isReporting)
    if (reporting.length === 0) return void this.#judge(result)
    return Promise.all(reporting.map((kernel) => kernel.reportEnd())).then(() => {
      this.#judge(result)
    })
  }

  #judge({ outcome, durationMs, error, maximumAttempts }: TestResult): void {
    const attempt = this.#ledger.running?.attempt ?? 1
    const complaint = this.#kernelComplaint(outcome, error)
    this.#end({
      outcome: complaint === undefined ? outcome : 'failed',
      durationMs,
      ...((complaint ?? error) !== undefined && { error: complaint ?? error }),
      mayRetry: attempt < maximumAttempts,
    })
  }

  /** What a kernel said since the test began, which no assertion of its would see, or of which one failed. */
  #kernelComplaint(
    outcome: TestResult['outcome'],
    error: SerializedError | undefined,
  ): SerializedError | undefined {
    const complaints = [...this.#kernelMarks].flatMap(([kernel, mark]) => kernel.complaintSince(mark) ?? [])
    const complaint = complaints.find(({ code }) => code !== 'kernel.complaint') ?? complaints[0]
    if (complaint === undefined || outcome === 'skipped') return undefined
    if (outcome === 'passed') return toSerializedError(complaint)
    const isTheReason = error?.blame === 'test' && complaint.code !== 'kernel.complaint'
    return isTheReason ? toSerializedError(complaint) : undefined
  }

  #onHookFailed({ titles, durationMs, error, affected }: HookFailed): void {
    this.#ledger.begin({ key: titles.join(' > '), titles })
    this.#end({ outcome: 'failed', durationMs, error })
    const left = this.#ledger.remaining.filter(({ key }) => affected.includes(key))
    this.#ledger.skip(left, `${titles.at(-1) ?? 'a hook'} failed`)
  }

  #onDeath(end: WorkerEnd): void {
    const { running } = this.#ledger
    const title = running?.titles.at(-1)
    const error = deathError(end, this.#options.fileName, title)
    if (running === undefined) this.#ledger.begin({ key: 'process', titles: ['the process of the spec'] })
    const mayRetry = running !== undefined && running.attempt < this.#options.attempts
    const durationMs = running === undefined ? 0 : now() - running.startedAt
    this.#end({ outcome: 'failed', durationMs, error, mayRetry })
  }

  #end(outcome: Parameters<TestLedger['end']>[0]): void {
    const willRetry = this.#ledger.end(outcome)
    if (outcome.outcome !== 'failed') return
    for (const service of this.#services()) service.doubt()
    if (!willRetry) this.#options.control.testFailed()
  }

  async #onDebug({ id, error }: Debug, worker: SpecWorker): Promise<void> {
    const title = this.#ledger.running?.titles.join(' ') ?? this.#options.fileName
    try {
      await this.#options.onFailure(this.#services(), title, error)
    } catch (thrown) {
      const message = `could not hand over the console: ${messageOf(thrown)}`
      this.#options.emit({ type: 'note', level: 'error', message })
    }
    worker.send({ type: 'reply', id, ok: true, value: undefined })
  }

  #idOf(key: string): string {
    return this.#ledger.identityOf({ key, titles: [] }).id
  }
}

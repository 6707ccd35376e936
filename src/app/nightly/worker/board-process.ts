import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { now } from '../../../core/clock.ts'
import { fromSerializedError, HilError } from '../../../core/errors.ts'
import type { CellAttempt } from '../../../core/night-record.ts'
import type { CellJob, FromBoard, ToBoard } from './messages.ts'

/** A leased board as the night uses it. */
export interface NightBoard {
  /**
   * Never throws.
   * @returns `undefined` where it was stopped
   */
  run(job: CellJob): Promise<CellAttempt | undefined>
  /** Whether its process has ended by itself: another one is needed. */
  readonly isGone: boolean
  /** Leaves the board as declared, and gives it back. */
  close(): Promise<void>
}

export interface BoardProcessOptions extends Omit<Extract<ToBoard, { type: 'start' }>, 'type'> {
  readonly onNote: (message: string) => void
  /** Stops what runs; its reason is the name of a signal. */
  readonly signal: AbortSignal
}

/**
 * Starts the process of a board, which leases it.
 * @throws HilError `lock.held` (infrastructure), and what is wrong with the environment by now
 */
export async function startBoard(options: BoardProcessOptions): Promise<NightBoard> {
  const board = new BoardProcess(options)
  await board.leased()
  return board
}

class BoardProcess implements NightBoard {
  readonly #board: string
  readonly #process: ChildProcess
  readonly #ended: Promise<string>
  readonly #options: BoardProcessOptions
  readonly #onAbort: () => void
  #answer: ((message: FromBoard | string) => void) | undefined
  isGone = false

  constructor(options: BoardProcessOptions) {
    const { onNote, signal, ...start } = options
    this.#options = options
    this.#board = start.board
    this.#process = startProcess()
    this.#ended = this.#untilEnd()
    this.#process.on('message', (message: FromBoard) => {
      if (message.type === 'note') onNote(message.message)
      else this.#answer?.(message)
    })
    this.#onAbort = () => {
      this.#send({ type: 'stop', signal: signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT' })
    }
    signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#send({ type: 'start', ...start })
    if (signal.aborted) this.#onAbort()
  }

  async leased(): Promise<void> {
    const answer = await this.#untilAnswer()
    if (typeof answer !== 'string' && answer.type === 'leased') return
    await this.close()
    if (typeof answer !== 'string' && answer.type === 'refused') throw fromSerializedError(answer.error)
    throw new HilError('nightly.worker', `the process of ${this.#board} ended before it had the board`, {
      blame: 'infrastructure',
    })
  }

  async run(job: CellJob): Promise<CellAttempt | undefined> {
    const [startedAt, started] = [new Date().toISOString(), now()]
    const answer = this.#untilAnswer()
    this.#send({ type: 'run', job })
    const got = await answer
    if (typeof got === 'string') {
      if (this.#options.signal.aborted) return undefined
      // Killed from outside, such as for want of memory: that says nothing about board or kernel. It ends itself on a bug only.
      const wasKilled = got.startsWith('SIG')
      return {
        ...{ startedAt, durationMs: now() - started, powerCycles: 0 },
        verdict: wasKilled ? 'infrastructure-failed' : 'hil-bug',
        why: `the process that worked on ${this.#board} was ended by ${got}`,
        ...(wasKilled && { isOfHost: true }),
        counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
      }
    }
    return got.type === 'ran' ? got.attempt : undefined
  }

  async close(): Promise<void> {
    this.#send({ type: 'end' })
    await this.#ended
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }

  #send(message: ToBoard): void {
    // One that is gone hears nothing; its end tells.
    if (this.#process.connected) this.#process.send(message, () => undefined)
  }

  /** What it says next, or how it ended. */
  #untilAnswer(): Promise<FromBoard | string> {
    const answer = new Promise<FromBoard | string>((resolve) => {
      this.#answer = resolve
    })
    return Promise.race([answer, this.#ended])
  }

  async #untilEnd(): Promise<string> {
    const [code, signal] = (await once(this.#process, 'exit').catch(() => [null, null])) as [
      number | null,
      string | null,
    ]
    this.isGone = true
    return signal ?? `status ${code ?? '?'}`
  }
}

function startProcess(): ChildProcess {
  const runsFromSource = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(`./main.${runsFromSource ? 'ts' : 'js'}`, import.meta.url))
  return fork(main, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: runsFromSource ? ['--conditions=hil-source', `--import=${import.meta.resolve('tsx')}`] : [],
  })
}

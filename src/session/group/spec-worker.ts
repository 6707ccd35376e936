import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { HangWatch } from './hang-watch.ts'
import type { FromWorker, ToWorker } from './protocol.ts'
import { takeWorkerProcess } from './worker-process.ts'

/** How a worker's process ended. */
export interface WorkerEnd {
  /** We ended it because it did not answer: the spec blocks its event loop. */
  readonly wasHung: boolean
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface WorkerListener {
  message(message: FromWorker): void
  /** What was written past `process.stdout`, e.g. by a child process of the spec. */
  output(stream: 'stdout' | 'stderr', text: string): void
}

let nextId = 1

/** A process that runs specs. One that stops answering in the middle of a test is killed. */
export class SpecWorker {
  /** Who hears what the worker says; whoever uses the worker sets it. */
  listener: WorkerListener | undefined
  /** Resolves when the process is gone, however that came. */
  readonly ended: Promise<WorkerEnd>
  /** Unique in this process. */
  readonly id = nextId++
  readonly #process: ChildProcess
  readonly #watch: HangWatch
  #wasHung = false

  constructor() {
    this.#process = takeWorkerProcess()
    this.#watch = new HangWatch({
      ping: () => {
        this.send({ type: 'ping' })
      },
      hung: () => {
        this.#wasHung = true
        this.kill()
      },
    })
    this.ended = this.#untilExit()
    this.#process.on('message', (message) => {
      this.#onMessage(message as FromWorker)
    })
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#process[stream]?.setEncoding('utf8').on('data', (text: string) => {
        this.listener?.output(stream, text)
      })
    }
  }

  send(message: ToWorker): void {
    // A worker that is gone hears nothing; `ended` tells.
    if (this.#process.connected) this.#process.send(message, () => undefined)
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  /** Lets the process end by itself, and kills it when it does not. */
  async end(): Promise<void> {
    this.listener = undefined
    this.send({ type: 'end' })
    const timer = setTimeout(() => {
      this.kill()
    }, endMs)
    await this.ended
    clearTimeout(timer)
  }

  #onMessage(message: FromWorker): void {
    if (message.type === 'busy') this.#watch.start(message.timeoutMs)
    else if (message.type === 'idle') this.#watch.stop()
    else if (message.type === 'pong') this.#watch.answered()
    else this.listener?.message(message)
  }

  async #untilExit(): Promise<WorkerEnd> {
    const closed = once(this.#process, 'close').catch(() => undefined)
    const [exitCode, signal] = await untilExit(this.#process)
    // The last messages and output may come after the end. Children of the spec may hold the pipes for ever.
    await Promise.race([closed, wait(drainMs, undefined, { ref: false })])
    this.#watch.stop()
    return { wasHung: this.#wasHung, exitCode, signal }
  }
}

/** How long a worker may take to end by itself, and what it wrote last to arrive. */
const endMs = 2000
const drainMs = 500

type Exit = [exitCode: number | null, signal: NodeJS.Signals | null]

async function untilExit(child: ChildProcess): Promise<Exit> {
  try {
    return (await once(child, 'exit')) as Exit
  } catch {
    // It could not even be started.
    return [null, null]
  }
}

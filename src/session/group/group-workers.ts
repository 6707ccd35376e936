import type { Deadline } from '../../core/deadline.ts'
import type { EmitEvent } from '../../core/events.ts'
import { loadSpecs } from '../load-specs.ts'
import type { WorkerSettings } from './protocol.ts'
import { SpecWorker } from './spec-worker.ts'

interface WorkerContext {
  readonly settings: WorkerSettings
  readonly emit: EmitEvent
  /** Aborted when the run is interrupted. */
  readonly root: Deadline
}

/** The worker of a group: replaced when it has died. */
export class GroupWorkers {
  readonly #context: WorkerContext
  readonly #loaded = new Set<string>()
  #worker: SpecWorker | undefined

  constructor(context: WorkerContext) {
    this.#context = context
  }

  /** Takes over a worker that has loaded these files. */
  adopt(worker: SpecWorker, loaded: readonly string[]): void {
    this.#start(worker)
    for (const file of loaded) this.#loaded.add(file)
  }

  /** A worker that has loaded this file. */
  async get(file: string): Promise<SpecWorker> {
    const { settings, root, emit } = this.#context
    const worker = this.#worker ?? this.#start(new SpecWorker())
    if (!this.#loaded.has(file)) {
      const onOutput = (stream: 'stdout' | 'stderr', text: string) => {
        emit({ type: 'spec-output', stream, text })
      }
      await loadSpecs(worker, [file], settings, onOutput, root)
      this.#loaded.add(file)
    }
    return worker
  }

  /** Ends the worker, at once when the run was interrupted. */
  async end(root: Deadline): Promise<void> {
    if (root.signal.aborted) this.#worker?.kill()
    await this.#worker?.end()
  }

  #start(worker: SpecWorker): SpecWorker {
    this.#worker = worker
    void worker.ended.then(() => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#loaded.clear()
    })
    return worker
  }
}

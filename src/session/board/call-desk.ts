import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError, toSerializedError } from '../../core/errors.ts'
import type { BoardService } from './board-service.ts'
import type { BoardCall, ToWorker } from '../group/protocol.ts'

interface OpenCall {
  cancel(): void
}

/** Takes the calls of a worker to the boards, and the answers back. */
export class CallDesk {
  readonly #services: ReadonlyMap<string, BoardService>
  readonly #root: Deadline
  readonly #reply: (message: ToWorker) => void
  readonly #open = new Map<number, OpenCall>()
  readonly #toldStates = new Map<string, string>()

  constructor(
    services: ReadonlyMap<string, BoardService>,
    root: Deadline,
    reply: (message: ToWorker) => void,
  ) {
    this.#services = services
    this.#root = root
    this.#reply = reply
  }

  async take({ id, board, method, args, callbacks, caller }: BoardCall): Promise<void> {
    const controller = new AbortController()
    const onRunOver = () => {
      controller.abort(this.#root.signal.reason)
    }
    this.#root.signal.addEventListener('abort', onRunOver, { once: true })
    if (this.#root.signal.aborted) onRunOver()
    using t = startDeadline(caller.remainingMs, `"${caller.title}"`, { signal: controller.signal })
    this.#open.set(id, {
      cancel: () => {
        controller.abort(endedError(caller.title, method))
      },
    })
    try {
      const withCallbacks = args.map((arg, at) => (callbacks.includes(at) ? this.#callback(id, at) : arg))
      const value = await this.#call(board, method, t, withCallbacks)
      this.#tellStates()
      this.#reply({ type: 'reply', id, ok: true, value })
    } catch (error) {
      this.#tellStates()
      this.#reply({ type: 'reply', id, ok: false, error: toSerializedError(error) })
    } finally {
      this.#open.delete(id)
      this.#root.signal.removeEventListener('abort', onRunOver)
    }
  }

  /** Ends calls whose test is over. */
  cancel(calls: readonly number[]): void {
    for (const id of calls) this.#open.get(id)?.cancel()
  }

  /** Ends all calls, e.g. of a worker that is gone. */
  cancelAll(): void {
    this.cancel([...this.#open.keys()])
  }

  #call(board: string, method: BoardCall['method'], t: Deadline, args: readonly unknown[]): Promise<unknown> {
    const service = this.#services.get(board)
    if (service === undefined) {
      throw new HilError(
        'hil.board-not-held',
        `a spec called ${method} on "${board}", which it does not hold`,
        {
          blame: 'hil',
        },
      )
    }
    const bound = service[method].bind(service) as (
      t: Deadline,
      ...args: readonly unknown[]
    ) => Promise<unknown>
    return bound(t, ...args)
  }

  /** What is said after the call has ended is for nobody. */
  #callback(id: number, at: number): (value: unknown) => void {
    return (value) => {
      if (this.#open.has(id)) this.#reply({ type: 'callback', id, at, value })
    }
  }

  #tellStates(): void {
    for (const [board, { state }] of this.#services) {
      if (this.#toldStates.get(board) === state) continue
      this.#toldStates.set(board, state)
      this.#reply({ type: 'state', board, state })
    }
  }
}

function endedError(title: string, method: string): HilError {
  return new HilError('board.test-over', `"${title}" ended while ${method} was under way`, { blame: 'test' })
}

import { AsyncResource } from 'node:async_hooks'
import { fromSerializedError, HilError, type SerializedError } from '../../core/errors.ts'
import type { BoardInfo, Reply } from '../group/protocol.ts'
import { currentPlace, type Scope } from '../spec/scope.ts'
import type { SpecLink } from '../spec/link.ts'
import { send } from './channel.ts'

interface PendingCall {
  /** `shell.run("uname -r")`, for messages. */
  readonly what: string
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly args: readonly unknown[]
}

/** Calls to the boards, which live in the parent, and what is known of them here. */
export class ParentCalls {
  debugging = false
  readonly #pending = new Map<number, PendingCall>()
  #boards = new Map<string, BoardInfo & { state: string }>()
  #primary: string | undefined
  #nextId = 1

  /** Says which boards the file that runs now has. */
  bind(boards: readonly BoardInfo[], primary: string | undefined): void {
    const state = (name: string) => this.#boards.get(name)?.state ?? 'unknown'
    this.#boards = new Map(boards.map((board) => [board.name, { ...board, state: state(board.name) }]))
    this.#primary = primary
  }

  readonly board: SpecLink['board'] = (wanted) => {
    const name = wanted ?? this.#primary
    const board = name === undefined ? undefined : this.#boards.get(name)
    if (board !== undefined) return board
    throw new HilError('board.not-bound', 'a board can be used inside tests and hooks only', {
      blame: 'test',
    })
  }

  readonly call: SpecLink['call'] = async (board, method, args) => {
    const scope = currentPlace()?.scope
    if (scope === undefined || scope.isOver) throw overError(`${method} on ${board}`, scope)
    const id = this.#nextId++
    scope.calls.add(id)
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { what: describe(method, args), resolve, reject, args: args.map(inItsPlace) })
        send({ type: 'call', id, board, method, ...forTheWire(args), caller: scope.caller() })
      })
      return value as never
    } finally {
      scope.calls.delete(id)
    }
  }

  /** In debug mode: asks the parent to hand the boards to a person, and waits until they are done. */
  async debug(error: SerializedError): Promise<void> {
    if (!this.debugging) return
    const id = this.#nextId++
    await new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { what: 'debug', resolve, reject, args: [] })
      send({ type: 'debug', id, error })
    })
  }

  onReply(reply: Reply): void {
    const call = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if (reply.ok) call?.resolve(reply.value)
    else call?.reject(fromSerializedError(reply.error))
  }

  /** An error of the function ends the call: it is what its test fails by. */
  onCallback(id: number, at: number, value: unknown): void {
    const call = this.#pending.get(id)
    const callback = call?.args[at]
    if (call === undefined || typeof callback !== 'function') return
    try {
      ;(callback as (value: unknown) => void)(value)
    } catch (error) {
      this.#pending.delete(id)
      send({ type: 'cancel', calls: [id] })
      call.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  onState(board: string, state: string): void {
    const known = this.#boards.get(board)
    if (known !== undefined) known.state = state
  }

  /** What a test or hook still waits for, for messages. */
  waitingFor(scope: Scope): readonly string[] {
    return [...scope.calls].flatMap((id) => this.#pending.get(id)?.what ?? [])
  }

  /** Ends what a finished test or hook has left under way. */
  cancel(scope: Scope): void {
    if (scope.calls.size > 0) send({ type: 'cancel', calls: [...scope.calls] })
  }
}

/** A function runs in the test that gave it, as it would without a process between. */
function inItsPlace(arg: unknown): unknown {
  return typeof arg === 'function' ? AsyncResource.bind(arg as (value: unknown) => void) : arg
}

/** Functions stay here. */
function forTheWire(args: readonly unknown[]) {
  const callbacks = [...args.keys()].filter((at) => typeof args[at] === 'function')
  return { args: args.map((arg) => (typeof arg === 'function' ? undefined : arg)), callbacks }
}

function describe(method: string, [first]: readonly unknown[]): string {
  return typeof first === 'string' ? `${method}(${JSON.stringify(first.slice(0, 80))})` : method
}

function overError(what: string, scope: Scope | undefined): HilError {
  return scope === undefined
    ? new HilError('board.no-test', `${what} was called outside of any test or hook`, { blame: 'test' })
    : new HilError(
        'board.test-over',
        `${what} was called by "${scope.title}" after its end; await what a test starts`,
        { blame: 'test', details: { test: scope.title } },
      )
}

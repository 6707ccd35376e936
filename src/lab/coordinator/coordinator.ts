import { setTimeout as wait } from 'node:timers/promises'
import type { status } from '@grpc/grpc-js'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { CoordinatorAddress } from '../../environment/schema/coordinator-schema.ts'
import { Channel, isLost, type Stream } from './channel.ts'
import { connectionError, isServiceError, requestError, silentError } from './coordinator-errors.ts'
import { coordinatorIdentity } from './identity.ts'
import type { ClientOutMessage } from './messages.ts'
import { Mirror } from './mirror.ts'
import type { Place, Resource } from './place.ts'

/** After that, what refuses to be a coordinator though it can be reached is tried again. */
const pauseMs = 1000

/**
 * A session with labgrid's coordinator: what it says of places and resources is mirrored here, and stays true also
 * when the connection was lost and came back.
 */
export class Coordinator implements Disposable {
  readonly address: string
  /** As it knows us: `HOST/USER`. */
  readonly identity = coordinatorIdentity()
  readonly #isSecure: boolean
  readonly #channel: Channel
  readonly #listeners = new Set<() => void>()
  #stream: Stream | undefined
  /** `undefined` while we don't know: the connection is lost. */
  #mirror: Mirror | undefined
  #session = 0
  #lastSync = 0
  readonly #syncs = new Map<number, () => void>()
  #changed = new Turn()
  #isClosed = false

  private constructor({ address, tls }: CoordinatorAddress, channel: Channel) {
    this.address = address
    this.#isSecure = tls !== undefined
    this.#channel = channel
  }

  /**
   * Connects, and gets to know all places and resources.
   * @throws HilError `coordinator.unreachable` (infrastructure), `coordinator.tls`, `coordinator.protocol` (environment)
   */
  static async connect(options: CoordinatorAddress, t: Deadline): Promise<Coordinator> {
    const coordinator = new Coordinator(options, await Channel.create(options))
    try {
      await t.race(coordinator.#open())
      return coordinator
    } catch (error) {
      coordinator[Symbol.dispose]()
      throw silentError(options, error, t)
    }
  }

  /** The same, where a coordinator that is not there yet is waited for. */
  static async connectPatiently(options: CoordinatorAddress, t: Deadline): Promise<Coordinator> {
    for (;;) {
      try {
        return await Coordinator.connect(options, t)
      } catch (error) {
        t.throwIfOver()
        if (!(error instanceof HilError && error.code === 'coordinator.unreachable')) throw error
        await t.race(wait(pauseMs))
      }
    }
  }

  /** Whether what is known of it is true now. */
  get isConnected(): boolean {
    return this.#mirror !== undefined
  }

  /** Counts how often it was connected with: another number may be another start of the coordinator. */
  get session(): number {
    return this.#session
  }

  /** By name; empty while the connection is lost. */
  get places(): ReadonlyMap<string, Place> {
    return this.#mirror?.places ?? new Map()
  }

  get resources(): Iterable<Resource> {
    return this.#mirror?.resources ?? []
  }

  /** Waits until what the coordinator has told shows something, whatever the connection does meanwhile. */
  async until<T>(look: () => T | undefined, t: Deadline): Promise<T> {
    for (;;) {
      if (this.#isClosed) throw closedError(this.address)
      const { over } = this.#changed
      const found = this.#mirror === undefined ? undefined : look()
      if (found !== undefined) return found
      await t.race(over)
    }
  }

  /** Calls back whenever something has changed, or the connection came back. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /**
   * Asks the coordinator for something, and waits until what it changed has arrived here. Where the connection is lost
   * meanwhile, it is asked again: for what can be asked twice.
   * @param what for messages: "acquire rock3a"
   * @throws HilError as `refuse` makes it of what the coordinator said
   */
  async ask(
    { method, request, what }: { readonly method: string; readonly request: object; readonly what: string },
    t: Deadline,
    refuse: (error: HilError, code: status) => HilError = (error) => error,
  ): Promise<object> {
    for (;;) {
      await this.until(() => true, t)
      try {
        const answer = await this.#channel.call(method, request, t)
        await this.#sync(t)
        return answer
      } catch (error) {
        t.throwIfOver()
        if (!isServiceError(error)) throw error
        if (isLost(error)) this.#lose(this.#stream)
        else throw refuse(requestError(this.address, what, error), error.code)
      }
    }
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    this.#stream?.end()
    this.#stream?.cancel()
    this.#channel.close()
    this.#tell()
  }

  /** Everything that was asked for before has its effect in the mirror then, or the connection is lost. */
  async #sync(t: Deadline): Promise<void> {
    const stream = this.#stream
    if (stream === undefined) return
    const id = ++this.#lastSync
    const done = new Promise<void>((resolve) => this.#syncs.set(id, resolve))
    stream.write({ sync: { id } })
    await t.race(done)
  }

  /** @throws HilError when the stream ends before all is known */
  async #open(): Promise<void> {
    const stream = this.#channel.open()
    const mirror = new Mirror()
    const first = ++this.#lastSync
    this.#stream = stream
    await new Promise<void>((resolve, reject) => {
      stream.on('data', ({ updates, sync }: ClientOutMessage) => {
        for (const update of updates) mirror.apply(update)
        const id = sync?.id
        if (id === first) {
          this.#mirror = mirror
          this.#session++
          resolve()
        } else if (id !== undefined) {
          this.#syncs.get(id)?.()
          this.#syncs.delete(id)
        }
        if (this.#mirror === mirror) this.#tell()
      })
      const end = (error: Error) => {
        reject(connectionError({ address: this.address, isSecure: this.#isSecure }, error))
        if (this.#mirror === mirror) this.#lose(stream)
      }
      stream.on('error', end)
      stream.on('end', () => {
        end(new Error('it ended the conversation'))
      })
      stream.write({ startup: { version: 'hil', name: this.identity } })
      stream.write({ subscribe: { allPlaces: true } })
      stream.write({ subscribe: { allResources: true } })
      stream.write({ sync: { id: first } })
    })
  }

  #lose(stream: Stream | undefined): void {
    if (stream === undefined || this.#stream !== stream || this.#isClosed) return
    this.#stream = undefined
    this.#mirror = undefined
    stream.cancel()
    for (const done of this.#syncs.values()) done()
    this.#syncs.clear()
    this.#tell()
    void this.#comeBack()
  }

  async #comeBack(): Promise<void> {
    for (;;) {
      await this.#channel.connected()
      if (this.#isClosed) return
      try {
        await this.#open()
        return
      } catch {
        await wait(pauseMs, undefined, { ref: false })
      }
    }
  }

  #tell(): void {
    const { done } = this.#changed
    this.#changed = new Turn()
    done()
    for (const listener of [...this.#listeners]) listener()
  }
}

/** The time until the next change. */
class Turn {
  done: () => void = () => undefined
  readonly over = new Promise<void>((resolve) => (this.done = resolve))
}

function closedError(address: string): HilError {
  return new HilError('coordinator.closed', `the session with the coordinator at ${address} was closed`, {
    blame: 'hil',
    details: { coordinator: address },
  })
}

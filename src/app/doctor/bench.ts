import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { describeQuarantine } from '../../lab/lease/board-health.ts'
import type { BoardLease } from '../../lab/lease/board-lease.ts'
import { resourcesOf } from '../../lab/board-resources.ts'
import { leasesOf } from '../leases.ts'
import type { BoardService } from '../../session/board/board-service.ts'
import { goldenOutcomes, goldenSpec, type GoldenBoot } from '../../session/board/golden-boot.ts'
import { HeldBoards, type HoldOptions } from '../../session/board/held-boards.ts'
import type { Strategy } from '../../strategy/strategy.ts'
import { Heard } from './heard.ts'
import { patience, type Patience } from './patience.ts'

export interface BenchOptions extends Omit<HoldOptions, 'leaseBoards'> {
  readonly strategy: Strategy
  readonly queueing: Queueing
  /** @default as long as boards take */
  readonly patience?: Patience
}

/** One board under examination, from nothing held to everything, and back. */
export class Bench {
  readonly spec: BoardSpec
  readonly strategy: Strategy
  readonly heard: Heard
  readonly emit: EmitEvent
  readonly patience: Patience
  readonly #options: BenchOptions
  /** What its golden boot came to, once there was one. */
  boot: GoldenBoot | undefined
  /** Network links of this machine that were up while the board had no power. */
  linksWithoutPower: readonly string[] | undefined
  #lease: BoardLease | undefined
  #held: HeldBoards | undefined

  constructor(spec: BoardSpec, options: BenchOptions) {
    // An examination boots what a golden boot does, and nothing that is to be tested.
    this.spec = goldenSpec(spec)
    this.strategy = options.strategy
    this.patience = options.patience ?? patience
    this.heard = new Heard(spec.name)
    this.emit = (event) => {
      this.heard.event(event)
      options.emit(event)
    }
    this.#options = options
  }

  get isEmulated(): boolean {
    return 'machine' in this.spec.hardware
  }

  /** Nothing of this host is this board's alone. */
  get needsNothing(): boolean {
    return resourcesOf(this.spec).length === 0
  }

  hasState(name: string): boolean {
    return this.strategy.states.some((state) => state.name === name)
  }

  /** Also where it is in quarantine: this is how it comes back. @throws HilError `lock.held` (infrastructure) */
  async lease(t: Deadline): Promise<void> {
    const { what, queueing } = this.#options
    const [lease] = await leasesOf({ ...queueing, admitsQuarantined: true })(
      [this.spec],
      { what, emit: this.emit },
      t,
    )
    this.#lease = lease
  }

  /** Opens everything the board has. @throws what its drivers do */
  async open(t: Deadline): Promise<void> {
    const { strategy } = this
    const leaseBoards = () => Promise.resolve(this.#lease === undefined ? [] : [this.#lease])
    const options = { ...this.#options, emit: this.emit, leaseBoards }
    this.#held = await HeldBoards.take([{ spec: this.spec, strategy }], options, t)
  }

  /** @throws HilError `hil.bench-not-open` (hil) */
  get service(): BoardService {
    const service = this.#held?.services.get(this.spec.name)
    if (service !== undefined) return service
    throw new HilError('hil.bench-not-open', `${this.spec.name} was examined before it was open`, {
      blame: 'hil',
    })
  }

  /** Since when, and why; `undefined` for a board that everybody may have. */
  get quarantine(): string | undefined {
    const health = this.#lease?.health
    return health?.quarantinedSince === undefined ? undefined : describeQuarantine(health)
  }

  get isOpen(): boolean {
    return this.#held !== undefined
  }

  /** Leaves the board as its environment declares. @returns what went wrong */
  async close(): Promise<readonly HilError[]> {
    const problems = await this.#held?.release(false, goldenOutcomes(this.spec.name, this.boot))
    await this.#lease?.release()
    return problems ?? []
  }
}

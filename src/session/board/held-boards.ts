import { consoleName } from '../../core/console-events.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { isBenchFailure } from '../../core/bench-failure.ts'
import { HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { leasesOfThisHost, withoutWaiting, type LeaseBoards } from '../../lab/lease/lease-boards.ts'
import { releaseAll, type BoardLease } from '../../lab/lease/board-lease.ts'
import { otherConsoleEvents } from '../../lab/other-console-events.ts'
import { takeBoard, type TakeOptions } from '../../lab/take-board.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import { StrategyRunner } from '../../strategy/strategy-runner.ts'
import type { Strategy, StrategyBoard } from '../../strategy/strategy.ts'
import type { BenchOutcome } from '../../lab/lease/board-health.ts'
import type { BenchOutcomes } from './bench-outcomes.ts'
import { BoardService } from './board-service.ts'
import { HeardReports } from '../kernel/heard-reports.ts'
import { forbiddenError } from '../kernel/kernel-verdicts.ts'
import { KernelWatch } from '../kernel/kernel-watch.ts'
import { BootWitness } from '../proof/boot-witness.ts'
import type { PrepareBoot, PreparedBoot } from './prepared-boot.ts'

/** Time to open the drivers of a board, in milliseconds. */
const takeMs = 60_000
/** Among so many lines the one is looked for in which something forbidden was said. */
const rememberedLines = 100
/** Time for calls that were told to end. */
const idleMs = 1000

/** A board of the run with its strategy. */
export interface BoardPlan {
  readonly spec: BoardSpec
  readonly strategy: Strategy
}

export interface HoldOptions extends Omit<TakeOptions, 'preparePayload' | 'lease'> {
  readonly prepareBoot: PrepareBoot
  /** @default leases from this host, without waiting */
  readonly leaseBoards?: LeaseBoards
}

/** The boards of one group, all taken or none. */
export class HeldBoards {
  readonly services: ReadonlyMap<string, BoardService>

  constructor(services: ReadonlyMap<string, BoardService>) {
    this.services = services
  }

  static async take(plans: readonly BoardPlan[], options: HoldOptions, root: Deadline): Promise<HeldBoards> {
    const services = new Map<string, BoardService>()
    const held = new HeldBoards(services)
    try {
      await holdBoards(plans, options, root, ({ service }) => services.set(service.board.name, service))
      return held
    } catch (error) {
      await held.release(false)
      throw error
    }
  }

  /**
   * Leaves every board as declared.
   * @param outcomes what the use says of their benches
   * @returns what went wrong, for a run that nothing else has failed
   */
  async release(keep: boolean, outcomes: BenchOutcomes = new Map()): Promise<readonly HilError[]> {
    const problems = await Promise.all(
      [...this.services.values()].map(async (service) => {
        const { board } = service
        const problems = await endUse(service)
        if (keep || board.spec.after !== 'off') await service.giveBackLine()
        const { failures } = await board.release(keep, outcomeWith(problems, outcomes.get(board.name)))
        return [...problems, ...(failures.length > 0 ? [releaseError(board.name, failures)] : [])]
      }),
    )
    return problems.flat()
  }
}

/** Ends what a run does with a board. @returns what is wrong with what it did */
export async function endUse(service: BoardService): Promise<readonly HilError[]> {
  await untilIdle(service)
  await service.network.close()
  await Promise.all(service.kernels.map((kernel) => kernel.reportEnd()))
  for (const kernel of service.kernels) kernel.finish()
  const unproven = await service.endProof()
  const unsupported = service.board.unsupported()
  return [
    ...(unproven === undefined ? [] : [unproven]),
    ...(unsupported.length > 0 ? [unsupportedError(service.board.name, unsupported)] : []),
  ]
}

/** What went wrong at the end counts as well. */
export function outcomeWith(
  problems: readonly HilError[],
  outcome: BenchOutcome | undefined,
): BenchOutcome | undefined {
  const failure = outcome?.kind === 'failed' ? outcome : problems.find(isBenchFailure)
  return failure === undefined ? outcome : { kind: 'failed', message: failure.message }
}

/** What an interrupted call still does must not come after the power was switched off. */
async function untilIdle(service: BoardService): Promise<void> {
  using t = startDeadline(idleMs, `the last call on ${service.board.name}`)
  await t.race(service.idle()).catch(() => undefined)
}

/** A board that is held, maybe for longer than one payload is the newest. */
export interface HeldBoard {
  readonly service: BoardService
  /** Makes the payload again, and has it booted where it is another. @returns whether it is */
  renew(options: Pick<HoldOptions, 'prepareBoot' | 'emit'>, root: Deadline): Promise<boolean>
}

/**
 * Takes boards: what they boot is made before any is leased, and all are leased before any is opened.
 * @param onHeld is called with each, in order; those that were held before an error are the caller's to release
 * @param emitOf where what happens on a board is told @default where all is told
 */
export async function holdBoards(
  plans: readonly BoardPlan[],
  options: HoldOptions,
  root: Deadline,
  onHeld: (held: HeldBoard) => void,
  emitOf: (board: string) => EmitEvent = () => options.emit,
): Promise<void> {
  const prepared: PreparedBoot[] = []
  for (const { spec } of plans) prepared.push(await prepare(spec, options, root))
  const { what, emit, leaseBoards = leasesOfThisHost(withoutWaiting) } = options
  const specs = plans.map(({ spec }) => spec)
  const leases = [...(await leaseBoards(specs, { what, emit }, root))]
  try {
    for (const [index, plan] of plans.entries()) {
      const [boot, lease] = [prepared[index], leases.shift()]
      if (boot === undefined || lease === undefined) continue
      const own = { ...options, emit: emitOf(plan.spec.name) }
      onHeld(await holdBoard(plan, boot, lease, own, root))
    }
  } finally {
    await releaseAll(leases)
  }
}

async function holdBoard(
  { spec, strategy }: BoardPlan,
  made: PreparedBoot,
  lease: BoardLease,
  options: HoldOptions,
  root: Deadline,
): Promise<HeldBoard> {
  const watches = watchConsoles(spec, options.emit)
  const { emit } = options
  let prepared = made
  using t = root.within(takeMs, `taking ${spec.name}`)
  const preparePayload: PreparedBoot['publish'] = (...args) => prepared.publish(...args)
  const board = await takeBoard(
    spec,
    {
      ...options,
      lease,
      preparePayload,
      bootsItsOwn: () => prepared.payload === undefined,
      observer: watches.main,
      observers: watches.others,
    },
    t,
  )
  failOnForbidden(board, watches.others)
  const kernels = [watches.main, ...watches.others.values()] as const
  const witness = new BootWitness(board, prepared.payload, emit)
  const runner = new StrategyRunner({
    strategy,
    board: witnessed(board, witness),
    budgets: spec.timeouts.states,
    // A kernel that runs already is not the payload's; and what a dead run left behind is not known.
    adoptRunning: prepared.payload === undefined && !board.isAbandoned,
    repair: (deadline) => board.console.open(deadline),
    onReset: () => {
      for (const kernel of kernels) kernel.expectReset()
    },
    emit,
  })
  const service = new BoardService(board, runner, witness, kernels, emit)
  return {
    service,
    async renew(latest, deadline) {
      const before = prepared.payload?.nonce
      prepared = await prepare(spec, latest, deadline)
      const isAnother = prepared.payload?.nonce !== before
      if (isAnother) service.renew(prepared.payload)
      return isAnother
    },
  }
}

/** What reads each console of a board. */
function watchConsoles({ name: board, kernelRules: rules, otherConsoles }: BoardSpec, emit: EmitEvent) {
  const heard = new HeardReports()
  const main = new KernelWatch({ console: board, rules, emit, heard })
  const others = otherConsoles.map(({ name, readsKernelLog }) => {
    const toEvents = otherConsoleEvents(board, name, emit)
    const console = consoleName(board, name)
    const watch = new KernelWatch({
      ...{ console, rules, emit: toEvents, heard, knowsResets: false, readsKernelLog },
    })
    return [name, watch] as const
  })
  return { main, others: new Map(others) }
}

/** @throws HilError `console.pattern` for a pattern that is not bounded */
function failOnForbidden(board: TakenBoard, watches: ReadonlyMap<string, KernelWatch>): void {
  for (const { name, failOn } of board.spec.otherConsoles) {
    for (const pattern of failOn) {
      const console = board.otherConsoles.get(name)
      console?.watch(pattern, ({ text }) => {
        const line = console.lastLines(rememberedLines).findLast((each) => pattern.test(each)) ?? text
        watches.get(name)?.fail(forbiddenError(consoleName(board.name, name), line, pattern))
      })
    }
  }
}

/** Takes as long as a build takes, while others can use the board. */
async function prepare(
  spec: BoardSpec,
  { prepareBoot, emit }: Pick<HoldOptions, 'prepareBoot' | 'emit'>,
  root: Deadline,
): Promise<PreparedBoot> {
  const prepared = await root.race(prepareBoot(spec, root))
  for (const message of prepared.notes) emit({ type: 'note', level: 'warning', board: spec.name, message })
  return prepared
}

/** The board as its strategy has it: what it boots is seen. */
function witnessed(board: TakenBoard, witness: BootWitness): StrategyBoard {
  const { name, power, takeConsole, resetBanner, shell, chainloadPlan, note } = board
  const { storage, recovery, recoveryStrap } = board
  return {
    ...{ name, power, takeConsole, resetBanner, shell, chainloadPlan, note },
    ...{ storage, recovery, recoveryStrap },
    get bootloader() {
      return board.bootloader
    },
    get firstBootloader() {
      return board.firstBootloader
    },
    plan: (t) => witness.plan(t),
    loadKernel: (t) => witness.loadKernel(t),
  }
}

function releaseError(board: string, failures: readonly string[]): HilError {
  return new HilError(
    'board.not-released',
    `the board ${board} was not left as declared: ${failures.join('; ')}`,
    {
      blame: 'infrastructure',
      details: { board, failures },
    },
  )
}

function unsupportedError(board: string, unsupported: readonly string[]): HilError {
  return new HilError(
    'simulator.unsupported',
    `${board} was asked for what its simulator does not simulate: ${unsupported.join(', ')}; what passed there proves nothing`,
    { blame: 'environment', details: { board, unsupported } },
  )
}

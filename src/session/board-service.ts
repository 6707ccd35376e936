import type { CommandResult, CommandRunner } from '../board/command-runner.ts'
import type { Console, Match, Pattern } from '../board/console.ts'
import { switchOff, switchOn } from '../board/cycle-power.ts'
import { resetError } from '../board/fail-on-reset.ts'
import type { PowerState } from '../board/power-switch.ts'
import { startDeadline, type Deadline } from '../core/deadline.ts'
import { messageOf, type HilError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import { finishBy } from '../core/finish-by.ts'
import type { TakenBoard } from '../lab/take-board.ts'
import type { StrategyRunner } from '../strategy/strategy-runner.ts'
import type { BoardCalls, BoardMethod, CallTime, CommandCall } from './board-calls.ts'
import { keepsConsole, keepsState, wrongStateError } from './board-errors.ts'
import { GotoRecord } from './goto-record.ts'
import { isBootloader, isConsole, isShell } from './handle-kinds.ts'
import type { BootWitness } from './proof/boot-witness.ts'
import type { ExpectedPayload } from './prepared-boot.ts'
import type { KernelWatch } from './kernel-watch.ts'
import { Queue } from './queue.ts'
import { WatchedCommands } from './watched-commands.ts'

/** `BoardCalls` where the board is: each call with the deadline of its caller. */
type Service = {
  [Method in BoardMethod]: (
    t: Deadline,
    ...args: Parameters<BoardCalls[Method]>
  ) => ReturnType<BoardCalls[Method]>
}

/** How long a board may take to give the line back to a person, in milliseconds. */
const handOverMs = 3000

/**
 * A taken board at the service of specs. Commands and changes of state wait for each other; the
 * power and a console that a spec has taken can be used at any time.
 */
export class BoardService implements Service {
  readonly board: TakenBoard
  readonly #runner: StrategyRunner
  readonly #witness: BootWitness
  readonly kernel: KernelWatch
  readonly #queue = new Queue()
  #gotos: GotoRecord
  readonly #commands: WatchedCommands
  /** The line, when a spec has it to itself. */
  #console: Console | undefined

  constructor(
    board: TakenBoard,
    runner: StrategyRunner,
    witness: BootWitness,
    kernel: KernelWatch,
    emit: EmitEvent,
  ) {
    this.board = board
    this.kernel = kernel
    this.#runner = runner
    this.#witness = witness
    this.#gotos = new GotoRecord(board.name)
    this.#commands = new WatchedCommands(board.name, emit)
    if (board.resetBanner !== undefined) {
      board.console.watch(board.resetBanner, ({ text }) => {
        this.#onBanner(text)
      })
    }
  }

  get state(): string {
    return this.#runner.state
  }

  /** Says that the board may not be where it was: a test on it failed. */
  doubt(): void {
    this.#runner.doubt()
  }

  /** What failed in a run before says nothing about the next one. */
  startRun(): void {
    this.#gotos = new GotoRecord(this.board.name)
  }

  /** Something else is to be booted from now on: what runs is left at the next `goto`. */
  renew(expected: ExpectedPayload | undefined): void {
    this.board.forgetPlan()
    this.#witness.expect(expected)
    this.#runner.outdate()
  }

  /** Resolves when no call is under way. */
  idle(): Promise<void> {
    return this.#queue.idle()
  }

  /** Lets a person use the console, and nobody else meanwhile. */
  interact(body: (console: Console) => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      await this.giveBackLine()
      this.#console = undefined
      await body(this.board.takeConsole('a person'))
    })
  }

  /**
   * Who comes after us wants the prompt of the board, not what we type commands into; a dead board has
   * neither, which is noted.
   */
  async giveBackLine(): Promise<void> {
    using t = startDeadline(handOverMs, `giving back the console of ${this.board.name}`)
    try {
      await finishBy(leaveHandle(this.#runner.handle, t), t)
    } catch (error) {
      this.board.note(`the console is handed over as it is: ${messageOf(error)}`)
    }
    this.#leave()
  }

  goto(t: Deadline, state: string): Promise<void> {
    return this.#inTurn(t, async () => {
      this.#gotos.assertWorthwhile(state)
      this.#console = undefined
      try {
        await this.#goto(state, t)
        this.#gotos.reached(state)
      } catch (error) {
        // A caller that gave up early says nothing about the board.
        if (!t.signal.aborted) this.#gotos.failed(state, error)
        throw error
      }
    })
  }

  /** Whether commands can be run in a shell. */
  get hasShell(): boolean {
    return isShell(this.#runner.handle)
  }

  /** Looks where the board is, and switches nothing. @returns the state, `unknown` where that can't be told */
  lookForState(t: Deadline): Promise<string> {
    return this.#inTurn(t, () => this.#runner.probe(t))
  }

  /** @returns what is wrong with the last boot, where nobody was told yet */
  endProof(): HilError | undefined {
    return this.#witness.end()
  }

  async #goto(state: string, t: Deadline): Promise<void> {
    try {
      await this.#runner.goto(state, t)
    } catch (error) {
      throw t.signal.aborted ? error : this.#witness.failed(error)
    }
    const { handle } = this.#runner
    try {
      await this.#witness.reached(isShell(handle) ? handle : undefined, t)
    } catch (error) {
      this.#leave()
      throw error
    }
  }

  runInShell(t: Deadline, command: string, options: CommandCall): Promise<CommandResult> {
    return this.#inTurn(t, () => {
      const { handle } = this.#runner
      if (!isShell(handle)) throw this.#wrongState('shell')
      return this.#run('shell', handle, command, options, t)
    })
  }

  runInBootloader(t: Deadline, command: string, options: CommandCall): Promise<CommandResult> {
    return this.#inTurn(t, () => {
      const { handle } = this.#runner
      if (!isBootloader(handle)) throw this.#wrongState('bootloader')
      return this.#run('bootloader', handle, command, options, t)
    })
  }

  expect(t: Deadline, patterns: Readonly<Record<string, Pattern>>, options: CallTime): Promise<Match> {
    return this.#useConsole('console.expect', options, t, (console, budget) =>
      console.expect(patterns, budget),
    )
  }

  write(t: Deadline, data: string | Uint8Array, options: CallTime): Promise<void> {
    return this.#useConsole('console.write', options, t, (console, budget) => console.write(data, budget))
  }

  lastLines(_t: Deadline, count: number): Promise<readonly string[]> {
    return Promise.resolve(this.board.console.lastLines(count))
  }

  async powerOn(t: Deadline): Promise<void> {
    this.#leave()
    await switchOn(this.board.power, t)
  }

  async powerOff(t: Deadline): Promise<void> {
    this.#leave()
    await switchOff(this.board.power, t)
  }

  async powerCycle(t: Deadline): Promise<void> {
    await this.powerOff(t)
    await this.powerOn(t)
  }

  powerState(t: Deadline): Promise<PowerState> {
    return this.board.power.state(t)
  }

  async #run(
    where: 'shell' | 'bootloader',
    handle: CommandRunner,
    command: string,
    { timeoutMs, ...options }: CommandCall,
    t: Deadline,
  ): Promise<CommandResult> {
    using budget = this.#budget({ ...(timeoutMs !== undefined && { timeoutMs }) }, `"${command}"`, t)
    try {
      return await this.#commands.run(where, handle, command, options, budget)
    } catch (error) {
      if (!keepsState(error)) this.#leave()
      throw error
    }
  }

  #inTurn<T>(t: Deadline, work: () => T | Promise<T>): Promise<T> {
    return this.#queue.run(() => {
      t.throwIfOver()
      return work()
    })
  }

  #onBanner(banner: string): void {
    if (!isShell(this.#runner.handle)) return
    this.#leave()
    this.#commands.fail(resetError(this.board.name, banner))
  }

  async #useConsole<T>(
    label: string,
    options: CallTime,
    t: Deadline,
    use: (console: Console, t: Deadline) => Promise<T>,
  ): Promise<T> {
    using budget = this.#budget(options, label, t)
    const console = await this.#takeConsole(budget)
    try {
      return await finishBy(use(console, budget), budget)
    } catch (error) {
      if (!keepsConsole(error)) this.#leave()
      throw error
    }
  }

  #takeConsole(t: Deadline): Promise<Console> {
    return this.#inTurn(t, async () => {
      if (this.#console !== undefined) return this.#console
      const { handle } = this.#runner
      if (isConsole(handle)) return handle
      const console = await leaveHandle(handle, t)
      this.#leave()
      this.#console = console ?? this.board.takeConsole('the spec')
      return this.#console
    })
  }

  /** Whoever uses the board now does not say where it goes. */
  #leave(): void {
    this.#runner.lose()
  }

  #budget({ timeoutMs = this.board.spec.timeouts.command }: CallTime, label: string, t: Deadline): Deadline {
    return t.within(timeoutMs, label)
  }

  #wrongState(needed: 'shell' | 'bootloader'): HilError {
    return wrongStateError(this.board.name, this.state, needed, this.#gotos.lastFailure)
  }
}

async function leaveHandle(handle: unknown, t: Deadline): Promise<Console | undefined> {
  if (isShell(handle)) return handle.leave(t)
  if (isBootloader(handle)) return handle.leave(t)
  return undefined
}

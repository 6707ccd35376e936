import type { CommandResult, CommandRunner } from '../board/command-runner.ts'
import type { Console, Match, Pattern } from '../board/console.ts'
import { switchOff, switchOn } from '../board/cycle-power.ts'
import { resetError } from '../board/fail-on-reset.ts'
import type { PowerState } from '../board/power-switch.ts'
import type { Deadline } from '../core/deadline.ts'
import type { HilError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import type { TakenBoard } from '../lab/take-board.ts'
import type { StrategyRunner } from '../strategy/strategy-runner.ts'
import type { BoardCalls, BoardMethod, CallTime, CommandCall } from './board-calls.ts'
import { keepsState } from './board-errors.ts'
import { BoardJourney } from './board-journey.ts'
import { BoardLine, type HandedLine } from './board-line.ts'
import { isBootloader, isShell } from './handle-kinds.ts'
import type { KernelWatch } from './kernel-watch.ts'
import type { ExpectedPayload } from './prepared-boot.ts'
import type { BootWitness } from './proof/boot-witness.ts'
import { Queue } from './queue.ts'
import { WatchedCommands } from './watched-commands.ts'

/** `BoardCalls` where the board is: each call with the deadline of its caller. */
type Service = {
  [Method in BoardMethod]: (
    t: Deadline,
    ...args: Parameters<BoardCalls[Method]>
  ) => ReturnType<BoardCalls[Method]>
}

/**
 * A taken board at the service of specs. Commands and changes of state wait for each other; the
 * power and a console that a spec has taken can be used at any time.
 */
export class BoardService implements Service {
  readonly board: TakenBoard
  readonly kernel: KernelWatch
  readonly #runner: StrategyRunner
  readonly #witness: BootWitness
  readonly #queue = new Queue()
  readonly #journey: BoardJourney
  readonly #line: BoardLine
  readonly #commands: WatchedCommands
  readonly #emit: EmitEvent

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
    this.#emit = emit
    this.#journey = new BoardJourney(board.name, runner, witness, kernel)
    this.#line = new BoardLine(board, runner)
    this.#commands = new WatchedCommands(board.name, emit)
    kernel.listen({
      died: (error) => {
        this.#onDeath(error)
      },
      restarted: (line) => {
        this.#onRestart(line)
      },
    })
    // The kernel log knows the bootloaders that most boards have; the driver's own banner may be another.
    if (board.resetBanner !== undefined) {
      board.console.watch(board.resetBanner, ({ text }) => {
        this.#onRestart(text)
      })
    }
  }

  get state(): string {
    return this.#runner.state
  }

  /** Whether commands can be run in a shell. */
  get hasShell(): boolean {
    return isShell(this.#runner.handle)
  }

  /** Says that the board may not be where it was: a test on it failed. */
  doubt(): void {
    this.#runner.doubt()
  }

  startRun(): void {
    this.#journey.startRun()
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

  /** @returns what is wrong with the last boot, where nobody was told yet */
  endProof(): HilError | undefined {
    return this.#witness.end()
  }

  /** Lets a person use the console, and nobody else meanwhile. */
  interact(body: (line: HandedLine) => Promise<void>): Promise<void> {
    return this.#queue.run(() =>
      this.#line.interact((line) => {
        this.#emit({ type: 'console-handed', board: this.board.name })
        return body(line)
      }),
    )
  }

  giveBackLine(): Promise<boolean> {
    return this.#line.giveBack()
  }

  goto(t: Deadline, state: string): Promise<void> {
    return this.#inTurn(t, () => {
      this.#line.forget()
      return this.#journey.goto(state, t)
    })
  }

  /** Looks where the board is, and switches nothing. @returns the state, `unknown` where that can't be told */
  lookForState(t: Deadline): Promise<string> {
    return this.#inTurn(t, () => this.#runner.probe(t))
  }

  runInShell(t: Deadline, command: string, options: CommandCall): Promise<CommandResult> {
    return this.#inTurn(t, () => {
      const { handle } = this.#runner
      if (!isShell(handle)) throw this.#journey.wrongState('shell')
      return this.#run('shell', handle, command, options, t)
    })
  }

  runInBootloader(t: Deadline, command: string, options: CommandCall): Promise<CommandResult> {
    return this.#inTurn(t, () => {
      const { handle } = this.#runner
      if (!isBootloader(handle)) throw this.#journey.wrongState('bootloader')
      return this.#run('bootloader', handle, command, options, t)
    })
  }

  async expect(t: Deadline, patterns: Readonly<Record<string, Pattern>>, options: CallTime): Promise<Match> {
    using budget = this.#budget(options, 'console.expect', t)
    return await this.#line.expect(await this.#takeLine(budget), patterns, budget)
  }

  async write(t: Deadline, data: string | Uint8Array, options: CallTime): Promise<void> {
    using budget = this.#budget(options, 'console.write', t)
    await this.#line.write(await this.#takeLine(budget), data, budget)
  }

  async sendBreak(t: Deadline, options: CallTime): Promise<void> {
    using budget = this.#budget(options, 'console.sendBreak', t)
    await this.#line.sendBreak(await this.#takeLine(budget), budget)
  }

  lastLines(_t: Deadline, count: number): Promise<readonly string[]> {
    return Promise.resolve(this.board.console.lastLines(count))
  }

  async powerOn(t: Deadline): Promise<void> {
    this.#journey.powered()
    await switchOn(this.board.power, t)
  }

  async powerOff(t: Deadline): Promise<void> {
    this.#runner.lose()
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
      if (!keepsState(error)) this.#runner.lose()
      throw error
    }
  }

  /** A spec that waits for these very words gets them: a match in the same bytes comes first. */
  #onDeath(error: HilError): void {
    this.#journey.died(error)
    queueMicrotask(() => {
      this.board.console.fail(error)
      this.#commands.fail(error)
    })
  }

  /** A shell that was there is gone. */
  #onRestart(line: string): void {
    if (!this.hasShell) return
    this.#runner.lose()
    this.#commands.fail(resetError(this.board.name, line))
  }

  #takeLine(t: Deadline): Promise<Console> {
    return this.#inTurn(t, () => this.#line.take(t))
  }

  #inTurn<T>(t: Deadline, work: () => T | Promise<T>): Promise<T> {
    return this.#queue.run(() => {
      t.throwIfOver()
      return work()
    })
  }

  #budget({ timeoutMs = this.board.spec.timeouts.command }: CallTime, label: string, t: Deadline): Deadline {
    return t.within(timeoutMs, label)
  }
}

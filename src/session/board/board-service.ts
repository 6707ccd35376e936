import type { Bootloader } from '../../board/bootloader.ts'
import type { CommandResult, CommandRunner } from '../../board/command-runner.ts'
import { switchOff, switchOn } from '../../board/cycle-power.ts'
import { resetError } from '../../board/fail-on-reset.ts'
import type { PowerState } from '../../board/power-switch.ts'
import type { Shell } from '../../board/shell.ts'
import type { NetworkAddress } from '../../board/ssh.ts'
import type { Deadline } from '../../core/deadline.ts'
import type { HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import type { StrategyRunner } from '../../strategy/strategy-runner.ts'
import type { BoardCalls, BoardMethod, CallTime, CommandCall, SshCall, StorageCall } from './board-calls.ts'
import { keepsState } from './board-errors.ts'
import { BoardConsoles } from './board-consoles.ts'
import { BoardFiles } from './board-files.ts'
import { BoardStorage } from './board-storage.ts'
import { BoardJourney } from './board-journey.ts'
import { BoardLine, type HandedLine } from './board-line.ts'
import { isBootloader, isShell } from './handle-kinds.ts'
import type { KernelWatch } from '../kernel/kernel-watch.ts'
import type { ExpectedPayload } from './prepared-boot.ts'
import type { BootWitness } from '../proof/boot-witness.ts'
import { Queue } from './queue.ts'
import { BoardNetwork } from '../ssh/board-network.ts'
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
  /** What reads each console, the main one first. */
  readonly kernels: readonly [KernelWatch, ...KernelWatch[]]
  /** What goes over the network, beside all that waits for its turn on the console. */
  readonly network: BoardNetwork
  readonly #runner: StrategyRunner
  readonly #witness: BootWitness
  readonly #queue = new Queue()
  readonly #journey: BoardJourney
  readonly #line: BoardLine
  readonly #commands: WatchedCommands
  readonly #consoles: BoardConsoles
  readonly #files: BoardFiles
  readonly #storage: BoardStorage
  readonly #emit: EmitEvent

  constructor(
    board: TakenBoard,
    runner: StrategyRunner,
    witness: BootWitness,
    kernels: readonly [KernelWatch, ...KernelWatch[]],
    emit: EmitEvent,
  ) {
    this.board = board
    this.kernels = kernels
    this.#runner = runner
    this.#witness = witness
    this.#emit = emit
    const [kernel, ...others] = kernels
    this.#journey = new BoardJourney(board.name, runner, witness, kernel)
    this.#line = new BoardLine(board, runner)
    this.#commands = new WatchedCommands(board.name, emit)
    this.#storage = new BoardStorage(board)
    this.network = new BoardNetwork(
      board,
      {
        shell: () => this.#shell(),
        ask: (ask) => this.#queue.run(() => ask(this.#requireShell())),
        noShell: () => this.#journey.wrongState('shell'),
      },
      emit,
    )
    this.#consoles = new BoardConsoles(board, this.#line, this.#queue)
    this.#files = new BoardFiles({
      board,
      network: this.network,
      queue: this.#queue,
      emit,
      handle: () => runner.handle,
      requireShell: () => this.#requireShell(),
      guard: (work, t) => this.#keepingState(this.#commands.guard(work, t)),
    })
    const died = (error: HilError) => {
      this.#onDeath(error)
    }
    kernel.listen({
      died,
      restarted: (line) => {
        this.#onRestart(line)
      },
    })
    // What a coprocessor runs may be started anew at any time.
    for (const other of others) other.listen({ died, restarted: () => undefined })
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

  /** The one at whose prompt the board is: for whoever asks more of it than a spec may. */
  get bootloader(): Bootloader | undefined {
    const { handle } = this.#runner
    return isBootloader(handle) ? handle : undefined
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
  endProof(): Promise<HilError | undefined> {
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
    return this.#inTurn(t, async () => {
      this.#line.forget()
      for (const console of this.board.otherConsoles.values()) await console.open(t)
      await this.#journey.goto(state, t)
    }).finally(() => {
      // What went over the network went with the shell.
      if (!this.hasShell) void this.network.close()
    })
  }

  reboot(t: Deadline, { timeoutMs = Number.POSITIVE_INFINITY }: CallTime): Promise<void> {
    return this.#inTurn(t, async () => {
      this.#requireShell()
      await this.network.close()
      using budget = t.within(timeoutMs, `rebooting ${this.board.name}`)
      await this.#journey.reboot(budget)
    })
  }

  /** Looks where the board is, and switches nothing. @returns the state, `unknown` where that can't be told */
  lookForState(t: Deadline): Promise<string> {
    return this.#inTurn(t, () => this.#runner.probe(t))
  }

  runInShell(t: Deadline, command: string, options: CommandCall): Promise<CommandResult> {
    return this.#inTurn(t, () => this.#run('shell', this.#requireShell(), command, options, t))
  }

  runInBootloader(t: Deadline, command: string, options: CommandCall): Promise<CommandResult> {
    return this.#inTurn(t, () => {
      const { handle } = this.#runner
      if (!isBootloader(handle)) throw this.#journey.wrongState('bootloader')
      return this.#run('bootloader', handle, command, options, t)
    })
  }

  expect(t: Deadline, ...args: Parameters<BoardCalls['expect']>) {
    return this.#consoles.expect(t, ...args)
  }

  write(t: Deadline, ...args: Parameters<BoardCalls['write']>) {
    return this.#consoles.write(t, ...args)
  }

  sendBreak(t: Deadline, ...args: Parameters<BoardCalls['sendBreak']>) {
    return this.#consoles.sendBreak(t, ...args)
  }

  lastLines(_t: Deadline, ...args: Parameters<BoardCalls['lastLines']>) {
    return Promise.resolve(this.#consoles.lastLines(...args))
  }

  async runOverSsh(
    t: Deadline,
    command: string,
    { timeoutMs, ...options }: SshCall,
    onOutput?: Parameters<BoardCalls['runOverSsh']>[2],
    onStarted?: () => void,
  ) {
    // One that is talked to while it runs may take as long as its test.
    const limit = timeoutMs ?? (options.key === undefined ? undefined : Number.POSITIVE_INFINITY)
    using budget = this.#budget(limit === undefined ? {} : { timeoutMs: limit }, `"${command}"`, t)
    return await this.network.run(budget, command, { ...options, onOutput, onStarted })
  }

  signalOverSsh(t: Deadline, key: string, name: string): Promise<void> {
    return this.network.command(key).signal(name, t)
  }

  writeOverSsh(_t: Deadline, key: string, data: string | Uint8Array): Promise<void> {
    return this.network.command(key).write(data)
  }

  endInputOverSsh(_t: Deadline, key: string): Promise<void> {
    this.network.command(key).endInput()
    return Promise.resolve()
  }

  forwardTo(t: Deadline, target: NetworkAddress) {
    return this.network.forwardTo(t, target)
  }

  forwardFrom(t: Deadline, port: number, target: NetworkAddress) {
    return this.network.forwardFrom(t, port, target)
  }

  closeForward(_t: Deadline, id: number): Promise<void> {
    return this.network.closeForward(id)
  }

  putFile(t: Deadline, ...args: Parameters<BoardCalls['putFile']>) {
    return this.#files.put(t, ...args)
  }

  getFile(t: Deadline, ...args: Parameters<BoardCalls['getFile']>) {
    return this.#files.get(t, ...args)
  }

  switchStorage(t: Deadline, side: 'host' | 'board'): Promise<void> {
    return this.#inTurn(t, () => this.#storage.switchTo(side, t))
  }

  storageSide(t: Deadline) {
    return this.#storage.side(t)
  }

  writeStorage(
    t: Deadline,
    image: string | undefined,
    { timeoutMs = Number.POSITIVE_INFINITY, ...options }: StorageCall,
    onProgress?: Parameters<BoardCalls['writeStorage']>[2],
  ) {
    return this.#inTurn(t, async () => {
      using budget = t.within(timeoutMs, 'writing the storage')
      return await this.#storage.write(image, options, onProgress, budget)
    })
  }

  async powerOn(t: Deadline): Promise<void> {
    this.#journey.powered()
    await switchOn(this.board.power, t)
  }

  async powerOff(t: Deadline): Promise<void> {
    this.#runner.lose()
    await this.network.close()
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
    // A console that is waited for is not the command's own time: with its coordinator an exporter is away for long.
    await this.board.console.untilThere(t)
    using budget = this.#budget({ ...(timeoutMs !== undefined && { timeoutMs }) }, `"${command}"`, t)
    return await this.#keepingState(this.#commands.run(where, handle, command, options, budget))
  }

  /** After some failures nobody knows where the board is. */
  async #keepingState<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (!keepsState(error)) this.#runner.lose()
      throw error
    }
  }

  #shell(): Shell | undefined {
    const { handle } = this.#runner
    return isShell(handle) ? handle : undefined
  }

  #requireShell(): Shell {
    const shell = this.#shell()
    if (shell === undefined) throw this.#journey.wrongState('shell')
    return shell
  }

  /** A spec that waits for these very words gets them: a match in the same bytes comes first. */
  #onDeath(error: HilError): void {
    this.#journey.died(error)
    queueMicrotask(() => {
      for (const console of [this.board.console, ...this.board.otherConsoles.values()]) console.fail(error)
      this.#commands.fail(error)
    })
  }

  /** A shell that was there is gone. */
  #onRestart(line: string): void {
    if (!this.hasShell) return
    this.#runner.lose()
    this.#commands.fail(resetError(this.board.name, line))
  }

  #inTurn<T>(t: Deadline, work: () => T | Promise<T>): Promise<T> {
    return this.#queue.runBy(t, work)
  }

  #budget({ timeoutMs = this.board.spec.timeouts.command }: CallTime, label: string, t: Deadline): Deadline {
    return t.within(timeoutMs, label)
  }
}

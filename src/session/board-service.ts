import type { Bootloader } from '../board/bootloader.ts'
import type { CommandResult, CommandRunner } from '../board/command-runner.ts'
import type { Console, Match, Pattern } from '../board/console.ts'
import { switchOff, switchOn } from '../board/cycle-power.ts'
import { resetError } from '../board/fail-on-reset.ts'
import type { FileTransfer, Transferred } from '../board/file-transfer.ts'
import type { PowerState } from '../board/power-switch.ts'
import type { Shell } from '../board/shell.ts'
import type { NetworkAddress } from '../board/ssh.ts'
import type { Deadline } from '../core/deadline.ts'
import type { HilError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import { finishBy } from '../core/finish-by.ts'
import type { BoardConsole } from '../lab/board-console.ts'
import type { TakenBoard } from '../lab/take-board.ts'
import type { StrategyRunner } from '../strategy/strategy-runner.ts'
import type {
  BoardCalls,
  BoardMethod,
  CallTime,
  CommandCall,
  ConsoleCall,
  FileCall,
  SshCall,
  StorageCall,
  WhichConsole,
} from './board-calls.ts'
import { keepsState, unknownConsole } from './board-errors.ts'
import { tellTransfer } from '../lab/tell-transfer.ts'
import { ConsoleFiles } from './board-files.ts'
import { getAtBootloader, putAtBootloader } from './bootloader-files.ts'
import { BoardStorage } from './board-storage.ts'
import { BoardJourney } from './board-journey.ts'
import { BoardLine, type HandedLine } from './board-line.ts'
import { isBootloader, isShell } from './handle-kinds.ts'
import type { KernelWatch } from './kernel-watch.ts'
import type { ExpectedPayload } from './prepared-boot.ts'
import type { BootWitness } from './proof/boot-witness.ts'
import { Queue } from './queue.ts'
import { BoardNetwork } from './ssh/board-network.ts'
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
  readonly #consoleFiles = new ConsoleFiles()
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

  async expect(
    t: Deadline,
    patterns: Readonly<Record<string, Pattern>>,
    options: ConsoleCall,
  ): Promise<Match> {
    using budget = this.#budget(options, 'console.expect', t)
    const other = this.#otherConsole(options)?.heldBy('the spec')
    if (other !== undefined) return await finishBy(other.expect(patterns, budget), budget)
    return await this.#line.expect(await this.#takeLine(budget), patterns, budget)
  }

  async write(t: Deadline, data: string | Uint8Array, options: ConsoleCall): Promise<void> {
    using budget = this.#budget(options, 'console.write', t)
    const other = this.#otherConsole(options)?.heldBy('the spec')
    if (other !== undefined) return await finishBy(other.write(data, budget), budget)
    await this.#line.write(await this.#takeLine(budget), data, budget)
  }

  async sendBreak(t: Deadline, options: ConsoleCall): Promise<void> {
    using budget = this.#budget(options, 'console.sendBreak', t)
    const other = this.#otherConsole(options)?.heldBy('the spec')
    if (other !== undefined) return await finishBy(other.sendBreak(budget), budget)
    await this.#line.sendBreak(await this.#takeLine(budget), budget)
  }

  lastLines(_t: Deadline, count: number, options: WhichConsole): Promise<readonly string[]> {
    return Promise.resolve((this.#otherConsole(options) ?? this.board.console).lastLines(count))
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

  putFile(
    t: Deadline,
    file: string | Uint8Array,
    path: string,
    { mode, ...way }: FileCall,
    onProgress?: Parameters<BoardCalls['putFile']>[3],
  ): Promise<Transferred> {
    const told = { board: this.board.name, direction: 'put', path } as const
    const { handle } = this.#runner
    if (isBootloader(handle)) {
      return this.#inTurn(t, async () => {
        using budget = t.within(way.timeoutMs ?? Number.POSITIVE_INFINITY, `putting ${path}`)
        return await tellTransfer(told, this.#emit, onProgress, (report) =>
          putAtBootloader(handle, this.board, file, path, budget, { onProgress: report }),
        )
      })
    }
    return this.#withFiles(t, way, `putting ${path}`, (files, budget) =>
      tellTransfer(told, this.#emit, onProgress, (report) =>
        files.put(file, path, budget, { onProgress: report, ...(mode !== undefined && { mode }) }),
      ),
    )
  }

  getFile(
    t: Deadline,
    path: string,
    file: string,
    way: FileCall,
    onProgress?: Parameters<BoardCalls['getFile']>[3],
  ): Promise<Transferred> {
    const told = { board: this.board.name, direction: 'get', path } as const
    if (isBootloader(this.#runner.handle)) return Promise.reject(getAtBootloader(path))
    return this.#withFiles(t, way, `getting ${path}`, (files, budget) =>
      tellTransfer(told, this.#emit, onProgress, (report) =>
        files.get(path, file, budget, { onProgress: report }),
      ),
    )
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
    using budget = this.#budget({ ...(timeoutMs !== undefined && { timeoutMs }) }, `"${command}"`, t)
    try {
      return await this.#commands.run(where, handle, command, options, budget)
    } catch (error) {
      if (!keepsState(error)) this.#runner.lose()
      throw error
    }
  }

  /** Over SSH beside the console; over the console in turn with what else uses it. */
  async #withFiles<T>(
    t: Deadline,
    { by = this.network.isDeclared ? 'ssh' : 'console', timeoutMs = Number.POSITIVE_INFINITY }: FileCall,
    label: string,
    work: (files: FileTransfer, t: Deadline) => Promise<T>,
  ): Promise<T> {
    using budget = t.within(timeoutMs, label)
    if (by === 'ssh') return await finishBy(work(await this.network.files(budget), budget), budget)
    return await this.#inTurn(t, async () => {
      const files = this.#consoleFiles.over(this.#requireShell())
      try {
        return await this.#commands.guard(work(files, budget), budget)
      } catch (error) {
        if (!keepsState(error)) this.#runner.lose()
        throw error
      }
    })
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

  /** A console beside the main one, which no state is about; `undefined` for the main one. */
  #otherConsole({ console: name }: WhichConsole): BoardConsole | undefined {
    if (name === undefined) return undefined
    const { otherConsoles } = this.board
    const found = otherConsoles.get(name)
    if (found === undefined) throw unknownConsole(this.board.name, name, [...otherConsoles.keys()])
    return found
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

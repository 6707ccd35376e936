import type { Match, Pattern } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { finishBy } from '../../core/finish-by.ts'
import type { BoardConsole } from '../../lab/board-console.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import type { CallTime, ConsoleCall, WhichConsole } from './board-calls.ts'
import { unknownConsole } from './board-errors.ts'
import type { BoardLine } from './board-line.ts'
import type { Queue } from './queue.ts'

/** The consoles of a board as specs use them: the main one, taken from the strategy, and those beside it. */
export class BoardConsoles {
  readonly #board: TakenBoard
  readonly #line: BoardLine
  readonly #queue: Queue

  /** @param queue what waits for its turn on the main console */
  constructor(board: TakenBoard, line: BoardLine, queue: Queue) {
    this.#board = board
    this.#line = line
    this.#queue = queue
  }

  async expect(
    t: Deadline,
    patterns: Readonly<Record<string, Pattern>>,
    options: ConsoleCall,
  ): Promise<Match> {
    using budget = this.#budget(options, 'console.expect', t)
    const other = this.#other(options)?.heldBy('the spec')
    if (other !== undefined) return await finishBy(other.expect(patterns, budget), budget)
    return await this.#line.expect(await this.#takeLine(budget), patterns, budget)
  }

  async write(t: Deadline, data: string | Uint8Array, options: ConsoleCall): Promise<void> {
    using budget = this.#budget(options, 'console.write', t)
    const other = this.#other(options)?.heldBy('the spec')
    if (other !== undefined) return await finishBy(other.write(data, budget), budget)
    await this.#line.write(await this.#takeLine(budget), data, budget)
  }

  async sendBreak(t: Deadline, options: ConsoleCall): Promise<void> {
    using budget = this.#budget(options, 'console.sendBreak', t)
    const other = this.#other(options)?.heldBy('the spec')
    if (other !== undefined) return await finishBy(other.sendBreak(budget), budget)
    await this.#line.sendBreak(await this.#takeLine(budget), budget)
  }

  lastLines(count: number, options: WhichConsole): readonly string[] {
    return (this.#other(options) ?? this.#board.console).lastLines(count)
  }

  /** A console beside the main one, which no state is about; `undefined` for the main one. */
  #other({ console: name }: WhichConsole): BoardConsole | undefined {
    if (name === undefined) return undefined
    const { otherConsoles } = this.#board
    const found = otherConsoles.get(name)
    if (found === undefined) throw unknownConsole(this.#board.name, name, [...otherConsoles.keys()])
    return found
  }

  #takeLine(t: Deadline) {
    return this.#queue.runBy(t, () => this.#line.take(t))
  }

  #budget({ timeoutMs = this.#board.spec.timeouts.command }: CallTime, label: string, t: Deadline): Deadline {
    return t.within(timeoutMs, label)
  }
}

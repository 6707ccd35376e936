import type { Console, Match, Pattern } from '../../board/console.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { messageOf } from '../../core/errors.ts'
import { finishBy } from '../../core/finish-by.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import type { StrategyRunner } from '../../strategy/strategy-runner.ts'
import { keepsConsole } from './board-errors.ts'
import { isBootloader, isConsole, isShell } from './handle-kinds.ts'

/** How long a board may take to give the line back to a person, in milliseconds. */
const handOverMs = 3000

/** So many lines tell a person what a board was doing. */
const seenLines = 4

/** A console for a person. */
export interface HandedLine {
  readonly console: Console
  /** What it showed last: a prompt, without how we came to it, or the last lines. */
  readonly seen: readonly string[]
}

/** The console of a board as a spec or a person has it: to themselves, the strategy out of the way. */
export class BoardLine {
  readonly #board: TakenBoard
  readonly #runner: StrategyRunner
  /** The line, when a spec has it to itself. */
  #console: Console | undefined

  constructor(board: TakenBoard, runner: StrategyRunner) {
    this.#board = board
    this.#runner = runner
  }

  /** The strategy has the line again. */
  forget(): void {
    this.#console = undefined
  }

  /** The line for a spec: the one that the state offers, else that of the handle, which is left. */
  async take(t: Deadline): Promise<Console> {
    if (this.#console !== undefined) return this.#console
    const { handle } = this.#runner
    if (isConsole(handle)) return handle
    const console = await leaveHandle(handle, t)
    this.#runner.lose()
    this.#console = console ?? this.#board.takeConsole('the spec')
    return this.#console
  }

  expect(console: Console, patterns: Readonly<Record<string, Pattern>>, t: Deadline): Promise<Match> {
    return this.#use(console.expect(patterns, t), t)
  }

  write(console: Console, data: string | Uint8Array, t: Deadline): Promise<void> {
    return this.#use(console.write(data, t), t)
  }

  sendBreak(console: Console, t: Deadline): Promise<void> {
    return this.#use(console.sendBreak(t), t)
  }

  /** Lets a person use the console. */
  async interact(body: (line: HandedLine) => Promise<void>): Promise<void> {
    const isAtPrompt = await this.giveBack()
    this.#console = undefined
    const console = this.#board.takeConsole('a person')
    await body({ console, seen: console.lastLines(isAtPrompt ? 1 : seenLines) })
  }

  /**
   * Who comes after us wants the prompt of the board, not what we type commands into; a dead board has
   * neither, which is noted.
   * @returns whether a prompt of the board's is there now
   */
  async giveBack(): Promise<boolean> {
    using t = startDeadline(handOverMs, `giving back the console of ${this.#board.name}`)
    try {
      return (await finishBy(leaveHandle(this.#runner.handle, t), t)) !== undefined
    } catch (error) {
      this.#board.note(`the console is handed over as it is: ${messageOf(error)}`)
      return false
    } finally {
      this.#runner.lose()
    }
  }

  async #use<T>(work: Promise<T>, t: Deadline): Promise<T> {
    try {
      return await finishBy(work, t)
    } catch (error) {
      if (!keepsConsole(error)) this.#runner.lose()
      throw error
    }
  }
}

async function leaveHandle(handle: unknown, t: Deadline): Promise<Console | undefined> {
  if (isShell(handle)) return handle.leave(t)
  if (isBootloader(handle)) return handle.leave(t)
  return undefined
}

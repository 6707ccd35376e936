import { consoleName } from '../core/console-events.ts'
import type { Deadline } from '../core/deadline.ts'
import type { EmitEvent } from '../core/events.ts'
import type { Redactor } from '../core/redaction.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec } from '../environment/environment.ts'
import { BoardConsole } from './board-console.ts'
import type { BoardObserver } from './board-observer.ts'
import { ConsoleEvents } from './console-events.ts'
import type { Hardware } from './open-hardware.ts'
import { otherConsoleEvents } from './other-console-events.ts'
import type { PowerListener } from './watched-power.ts'

export interface ConsoleWatch {
  readonly emit: EmitEvent
  readonly redactor: Redactor
  readonly observer?: BoardObserver
  /** Of the consoles beside the main one, by name. */
  readonly observers?: ReadonlyMap<string, BoardObserver>
}

interface Member {
  readonly line: BoardConsole
  readonly events: ConsoleEvents
  readonly watching: BoardObserver | undefined
}

/** All consoles of a board, which come and go with its power together. */
export class ConsoleSet implements PowerListener {
  readonly #main: Member
  /** The consoles beside the main one, by name. */
  readonly #others: ReadonlyMap<string, Member>

  /** Not open yet. */
  constructor(
    { name: board, console, otherConsoles }: BoardSpec,
    { openConsole, openOthers }: Pick<Hardware, 'openConsole' | 'openOthers'>,
    { emit, redactor, observer, observers }: ConsoleWatch,
  ) {
    const events = new ConsoleEvents(board, redactor, emit, observer)
    this.#main = {
      line: new BoardConsole(board, openConsole, console, events),
      events,
      watching: observer,
    }
    const others = new Map<string, Member>()
    for (const { name, settings } of otherConsoles) {
      const open = openOthers.get(name)
      if (open === undefined) continue
      const watching = observers?.get(name)
      const events = new ConsoleEvents(board, redactor, otherConsoleEvents(board, name, emit), watching)
      others.set(name, {
        line: new BoardConsole(consoleName(board, name), open, settings, events),
        events,
        watching,
      })
    }
    this.#others = others
  }

  get main(): BoardConsole {
    return this.#main.line
  }

  get others(): ReadonlyMap<string, BoardConsole> {
    return new Map([...this.#others].map(([name, { line }]) => [name, line]))
  }

  /** Bytes received so far on the main one, as events count them. */
  get receivedBytes(): number {
    return this.#main.events.receivedBytes
  }

  restartCount(): void {
    for (const { events } of this.#all) events.restartCount()
  }

  async open(undo: UndoStack, t: Deadline): Promise<void> {
    undo.defer('closing the console', () => this.main.close())
    await this.main.open(t)
    for (const [name, line] of this.others) {
      undo.defer(`closing the console ${name}`, () => line.close())
      await line.open(t)
    }
  }

  powering(): void {
    for (const { line, watching } of this.#all) {
      watching?.powering()
      line.powering()
    }
    // Nobody waits for what they said of the boot before.
    for (const { line } of this.#others.values()) line.discard()
  }

  async unpowering(): Promise<void> {
    for (const { line } of this.#all) line.unpowering()
    await Promise.all(this.#all.map(async ({ watching }) => watching?.unpowering()))
  }

  switched(action: 'on' | 'off', ok: boolean): void {
    if (action === 'on') return
    for (const { line } of this.#all) {
      if (ok) line.unpowered()
      else line.stillPowered()
    }
  }

  get #all(): readonly Member[] {
    return [this.#main, ...this.#others.values()]
  }
}

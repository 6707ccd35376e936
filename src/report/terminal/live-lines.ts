import type { Screen } from './screen.ts'

/** The live lines change at most this often, in milliseconds. */
const redrawMs = 100

/** Keeps the live lines of a terminal true while time goes by. Does nothing without a terminal. */
export class LiveLines {
  readonly #screen: Screen
  #timer: NodeJS.Timeout | undefined
  #draw: () => readonly string[] = () => []

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** @param draw makes the lines, as they are then */
  show(draw: () => readonly string[]): void {
    this.#draw = draw
    if (!this.#screen.output.isTerminal) return
    this.#timer ??= setInterval(() => {
      this.#screen.setLive(this.#draw())
    }, redrawMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#screen.setLive([])
  }
}

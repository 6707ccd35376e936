import { fitText } from '../../report/terminal/text-width.ts'
import type { Screen } from '../../report/terminal/screen.ts'

/** As many boards are shown at once; more would push away what is found. */
const mostLines = 8

/** The steps that are under way, at the bottom of the terminal. */
export class RunningSteps {
  readonly #screen: Screen
  readonly #isQuiet: boolean
  readonly #steps = new Map<string, string>()

  constructor(screen: Screen, isQuiet: boolean) {
    this.#screen = screen
    this.#isQuiet = isQuiet
  }

  start(board: string, title: string): void {
    this.#steps.set(board, title)
    this.#show()
  }

  stop(board: string): void {
    this.#steps.delete(board)
    this.#show()
  }

  end(): void {
    this.#steps.clear()
    this.#show()
  }

  #show(): void {
    if (this.#isQuiet) return
    const lines = [...this.#steps].slice(0, mostLines).map(([board, title]) => `${board}: ${title} ...`)
    const { columns } = this.#screen.output
    this.#screen.setLive(lines.map((line) => fitText(line, columns - 1)))
  }
}

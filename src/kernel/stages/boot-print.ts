import type { ConsoleLine } from '../lines/console-line.ts'

/** So many lines tell one boot from another. */
const enough = 20

/**
 * What tells a kernel that starts again from a log that is shown again (by `dmesg`, or by a console that
 * came late): the same first lines at the same microseconds are the same boot.
 */
export class BootPrint {
  readonly #lines = new Set<string>()
  #lastTime = 0

  /** Whether more lines are needed. */
  get isLearning(): boolean {
    return this.#lines.size < enough
  }

  learn(line: ConsoleLine): void {
    if (line.kernelTime === undefined) return
    this.#lastTime = Math.max(this.#lastTime, line.kernelTime)
    if (line.kernelTime > 0 && this.isLearning) this.#lines.add(keyOf(line))
  }

  /** Whether a line after a second banner is of this boot; `undefined` where it can't tell. */
  isOfThisBoot(line: ConsoleLine): boolean | undefined {
    if (line.kernelTime === undefined || line.kernelTime === 0) return undefined
    return line.kernelTime >= this.#lastTime || this.#lines.has(keyOf(line))
  }
}

function keyOf(line: ConsoleLine): string {
  return `${line.kernelTime} ${line.message.slice(0, 100)}`
}

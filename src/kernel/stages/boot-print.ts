import type { ConsoleLine } from '../lines/console-line.ts'

/** So many lines tell one boot from another. */
const enough = 20
/** So many lines that are not of this boot, where lines of it are missing, are of another. */
const enoughForeign = 3
/** So many lines of this boot are no coincidence: early ones often have the same time in two boots. */
const enoughKnown = 8

/**
 * What tells a kernel that starts again from a log that is shown again (by `dmesg`, or by a console that
 * came late): the same first lines at the same microseconds are the same boot. No single line decides: a
 * few are alike by chance, a part of a log may be shown (`dmesg | grep`), and more of it than the console
 * had (`loglevel=`).
 */
export class BootPrint {
  /** The first lines that have a time, as they came: an early console and a late one mix theirs. */
  readonly #lines: { readonly time: number; readonly key: string }[] = []
  #lastTime = 0
  #comparison: Comparison | undefined

  /** Whether more lines are needed. */
  get isLearning(): boolean {
    return this.#lines.length < enough
  }

  learn(line: ConsoleLine): void {
    const { kernelTime } = line
    if (kernelTime === undefined) return
    this.#lastTime = Math.max(this.#lastTime, kernelTime)
    const key = keyOf(line)
    const isNew = kernelTime > 0 && this.isLearning && !this.#lines.some((known) => known.key === key)
    if (isNew) this.#lines.push({ time: kernelTime, key })
  }

  /** @param line after a second banner @returns whether they are of this boot; `undefined` until that is clear */
  isOfThisBoot(line: ConsoleLine): boolean | undefined {
    if (line.kernelTime === undefined || line.kernelTime === 0) return undefined
    this.#comparison ??= new Comparison(this.#lines, this.#lastTime)
    const isSame = this.#comparison.add(keyOf(line), line.kernelTime)
    if (isSame !== undefined) this.#comparison = undefined
    return isSame
  }
}

class Comparison {
  readonly #lines: readonly { readonly time: number; readonly key: string }[]
  /** Nothing is known of what comes after. */
  readonly #end: number
  readonly #known: ReadonlySet<string>
  readonly #seen = new Set<string>()
  #passed = 0
  /** Lines that are not of this boot, and lines of it that did not come. */
  #foreign = 0
  #missing = 0

  constructor(lines: readonly { readonly time: number; readonly key: string }[], lastTime: number) {
    this.#lines = lines.toSorted((one, other) => one.time - other.time)
    this.#known = new Set(lines.map(({ key }) => key))
    this.#end = this.#lines.at(-1)?.time ?? lastTime
  }

  add(key: string, time: number): boolean | undefined {
    this.#passUnseen(time)
    if (time > this.#end) return !this.#isAnother(1)
    if (this.#known.has(key)) this.#seen.add(key)
    else this.#foreign++
    if (this.#isAnother(enoughForeign)) return false
    return this.#seen.size >= enoughKnown ? true : undefined
  }

  /** Counts lines that should have come before. */
  #passUnseen(time: number): void {
    for (let line = this.#lines[this.#passed]; line !== undefined && line.time < time;) {
      if (!this.#seen.has(line.key)) this.#missing++
      line = this.#lines[++this.#passed]
    }
  }

  #isAnother(least: number): boolean {
    const both = this.#foreign + this.#missing
    return Math.min(this.#foreign, this.#missing) >= least && both > 2 * this.#seen.size
  }
}

function keyOf(line: ConsoleLine): string {
  return `${line.kernelTime} ${line.message.slice(0, 100)}`
}

import type { Deadline } from './deadline.ts'

/** A number of places, of which one is taken for as long as something runs; who finds none waits for one, in turn. */
export class Slots {
  #free: number
  #taken = 0
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  get taken(): number {
    return this.#taken
  }

  /** @returns what gives the place back, to be called once */
  async take(t: Deadline): Promise<() => void> {
    if (this.#free > 0) this.#free--
    else await this.#wait(t)
    this.#taken++
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      this.#taken--
      this.#giveBack()
    }
  }

  /** From now on there is one place less: the other end has told that it has fewer. */
  lose(): void {
    this.#free--
  }

  #giveBack(): void {
    this.#free++
    if (this.#free > 0) this.#next()
  }

  #next(): void {
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.#free--
    next()
  }

  async #wait(t: Deadline): Promise<void> {
    let turn: () => void = () => undefined
    const mine = new Promise<void>((resolve) => {
      turn = resolve
      this.#waiting.push(turn)
    })
    try {
      await t.race(mine)
    } catch (error) {
      const at = this.#waiting.indexOf(turn)
      // It was given to us at the moment we gave up.
      if (at === -1) this.#giveBack()
      else this.#waiting.splice(at, 1)
      throw error
    }
  }
}

/** When the bytes of one console came. */
export class Arrivals {
  readonly #ends: number[] = []
  readonly #times: number[] = []

  /** @param t milliseconds since the run began */
  add(bytes: number, t: number): void {
    this.#ends.push((this.#ends.at(-1) ?? 0) + bytes)
    this.#times.push(t)
  }

  /** When a byte came; of one that never came, when the last one did. @param offset counted from 0 */
  timeOf(offset: number): number {
    let [low, high] = [0, this.#ends.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) > offset) high = middle
      else low = middle + 1
    }
    return this.#times[low] ?? 0
  }
}

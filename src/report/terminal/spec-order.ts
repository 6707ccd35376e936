import type { SpecRecord } from '../run-record.ts'

/**
 * Puts what specs that run side by side have to show into an order that can be read: one spec has
 * the stage until all its tests are over, the others wait.
 */
export class SpecOrder {
  readonly #waiting = new Map<SpecRecord, (() => void)[]>()
  #onStage: SpecRecord | undefined

  /** Shows something of a spec now or later. */
  show(spec: SpecRecord, show: () => void): void {
    this.#onStage ??= spec
    this.#waiting.set(spec, [...(this.#waiting.get(spec) ?? []), show])
    while (this.#onStage !== undefined) {
      this.#flush(this.#onStage)
      if (!isOver(this.#onStage)) return
      const waiting = [...this.#waiting.keys()]
      this.#onStage = waiting.find(isOver) ?? waiting[0]
    }
  }

  /** Shows what waits, whether or not its spec is over. */
  end(): void {
    for (const spec of [...this.#waiting.keys()]) this.#flush(spec)
  }

  #flush(spec: SpecRecord): void {
    for (const show of this.#waiting.get(spec) ?? []) show()
    this.#waiting.delete(spec)
  }
}

function isOver({ tests }: SpecRecord): boolean {
  return tests.every(({ attempts }) => attempts.at(-1)?.ended?.willRetry === false)
}

import type { RunRecord, SpecRecord, TestRecord } from '../run-record.ts'

/**
 * Puts the ended tests of specs that run side by side into an order that can be read: one spec
 * has the stage until all its tests are over, what the others have to show waits.
 */
export class TestOrder {
  readonly #show: (spec: SpecRecord, test: TestRecord) => void
  readonly #waiting = new Map<SpecRecord, TestRecord[]>()
  #onStage: SpecRecord | undefined

  constructor(show: (spec: SpecRecord, test: TestRecord) => void) {
    this.#show = show
  }

  ended(test: TestRecord, record: RunRecord): void {
    const spec = record.specs.find(({ tests }) => tests.includes(test))
    if (spec === undefined) return
    this.#onStage ??= spec
    this.#waiting.set(spec, [...(this.#waiting.get(spec) ?? []), test])
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
    for (const test of this.#waiting.get(spec) ?? []) this.#show(spec, test)
    this.#waiting.delete(spec)
  }
}

function isOver({ tests }: SpecRecord): boolean {
  return tests.every(({ attempts }) => attempts.at(-1)?.ended?.willRetry === false)
}

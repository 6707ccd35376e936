/** Gives each test of a file a key: its titles, and a number where several have the same. */
export class TestKeys {
  readonly #keys = new WeakMap<Mocha.Test, string>()
  readonly #counts = new Map<string, number>()

  keyOf(test: Mocha.Test): string {
    const known = this.#keys.get(test) ?? this.#keyOfOriginal(test)
    if (known !== undefined) return known
    return this.add(test)
  }

  add(test: Mocha.Test): string {
    const titles = titlesOf(test).join(' > ')
    const count = (this.#counts.get(titles) ?? 0) + 1
    this.#counts.set(titles, count)
    const key = count === 1 ? titles : `${titles} (${count})`
    this.#keys.set(test, key)
    return key
  }

  /** mocha repeats a test that failed as a copy of it. */
  #keyOfOriginal(test: Mocha.Test): string | undefined {
    const original = (test as RetriedTest).retriedTest()
    return original === undefined ? undefined : this.#keys.get(original)
  }
}

/** mocha 12, lib/runnable.js; its types leave it out. */
type RetriedTest = Mocha.Test & { retriedTest(): Mocha.Test | undefined }

/** The titles of the suites around it and its own, outermost first; the root suite has none. */
export function titlesOf(runnable: Mocha.Runnable | Mocha.Suite): readonly string[] {
  return runnable.titlePath().filter((title) => title !== '')
}

import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { changedInputs, recordPresentInputs, type InputRecords } from '../../build/input-records.ts'
import { listFiles } from '../../build/sources/list-files.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { DirectoryWatch, type Matters } from './directory-watch.ts'
import { payloadRoots } from './payload-roots.ts'
import { untilBuilt } from './running-build.ts'

/** A compiler that links, an editor that saves: both write several times. In milliseconds. */
const quietMs = 300

/** Specs, and what they can import. */
const isSource = (name: string) => /\.(?:[cm]?[jt]s|json|sh)$/.test(name)

/** The files that a run depends on, and what became of them since it began. */
export class WatchedInputs implements Disposable {
  readonly #boards: readonly BoardSpec[]
  readonly #watch = new DirectoryWatch()
  /** As payloads were made of them; by board. */
  readonly #payloads = new Map<string, InputRecords>()
  #specs: readonly string[] = []
  /** What the last run was made of. */
  #used: InputRecords = {}

  constructor(boards: readonly BoardSpec[]) {
    this.#boards = boards
  }

  /** Is told what a payload was made of. */
  readonly onInputs = (board: string, inputs: InputRecords): void => {
    this.#payloads.set(board, inputs)
    this.#used = { ...this.#used, ...inputs }
  }

  /** Before a run reads anything: what changes from now on is a change. @param specs absolute paths */
  async begin(specs: readonly string[]): Promise<void> {
    this.#specs = specs
    this.#used = await this.#record()
  }

  /**
   * Waits until a file is another than the run has used, and until nobody writes any more. Files that were
   * written to with what they held already are no change.
   * @returns the paths; none when `signal` was aborted
   */
  async changed(signal: AbortSignal): Promise<readonly string[]> {
    let isSettled = false
    while (!signal.aborted) {
      this.#watch.watch(this.#directories())
      const event = this.#watch.next(signal)
      const changed = changedInputs(this.#used, await this.#record())
      if (changed.length > 0 && isSettled) return changed
      if (changed.length === 0) await event
      await this.#settle(signal)
      isSettled = true
    }
    return []
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]()
  }

  /** A compiler may be silent for longer than we wait, so that a build has to be looked for too. */
  async #settle(signal: AbortSignal): Promise<void> {
    do await this.#watch.quiet(quietMs, signal)
    while (await untilBuilt(this.#payloadFiles(), signal))
  }

  async #record(): Promise<InputRecords> {
    const overlaid = await Promise.all(this.#overlaid().map((directory) => listFiles(directory, '')))
    const paths = [...this.#specFiles(), ...this.#payloadFiles(), ...overlaid.flat()]
    return recordPresentInputs(paths, this.#used)
  }

  #payloadFiles(): readonly string[] {
    const made = [...this.#payloads.values()].flatMap((inputs) => Object.keys(inputs))
    return [...made, ...this.#boards.flatMap(({ boot }) => payloadRoots(boot.payload))]
  }

  /** Directories of which every file counts. */
  #overlaid(): readonly string[] {
    return this.#boards.flatMap(({ boot: { payload } }) => payload?.files ?? [])
  }

  /** All sources beside the specs: which of them a spec imports is not known. */
  #specFiles(): readonly string[] {
    const beside = [...new Set(this.#specs.map(dirname))].flatMap((directory) => {
      try {
        return readdirSync(directory, { withFileTypes: true })
          .filter((entry) => entry.isFile() && isSource(entry.name))
          .map(({ name }) => join(directory, name))
      } catch {
        return []
      }
    })
    return [...this.#specs, ...beside]
  }

  /** Where a build writes, it is busy as long as it writes anything. */
  #directories(): ReadonlyMap<string, Matters> {
    return new Map<string, Matters>([
      ...this.#specs.map((path) => [dirname(path), isSource] as const),
      ...Object.keys(this.#used).flatMap((path) =>
        isSource(path) ? [] : [[dirname(path), undefined] as const],
      ),
      ...this.#overlaid().map((path) => [path, undefined] as const),
    ])
  }
}

import { existsSync, watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** Which files of a directory matter; absent: all of them. */
export type Matters = ((name: string) => boolean) | undefined

/**
 * Hears of changes in directories, by inotify. A directory and not the files in it: who builds or edits often
 * puts a new file in the place of the old one.
 */
export class DirectoryWatch implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #listeners = new Set<() => void>()
  #matters: ReadonlyMap<string, Matters> = new Map()

  /**
   * Watches these from now on, and no others. In place of one that is not there the nearest one above it is.
   * @throws HilError `watch.too-many` (environment)
   */
  watch(directories: ReadonlyMap<string, Matters>): void {
    this.#matters = new Map([...directories].map(([path, matters]) => [nearest(path), matters]))
    for (const [path, watcher] of this.#watchers) {
      if (this.#matters.has(path)) continue
      watcher.close()
      this.#watchers.delete(path)
    }
    for (const path of this.#matters.keys()) this.#open(path)
  }

  /** Resolves at the next change, or when `signal` is aborted. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#listeners.delete(end)
        signal.removeEventListener('abort', end)
        resolve()
      }
      if (signal.aborted) return resolve()
      this.#listeners.add(end)
      signal.addEventListener('abort', end)
    })
  }

  /** Resolves when nothing has changed for so long, or when `signal` is aborted. */
  quiet(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const again = () => timer.refresh()
      const end = () => {
        clearTimeout(timer)
        this.#listeners.delete(again)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.#listeners.add(again)
      signal.addEventListener('abort', end)
    })
  }

  [Symbol.dispose](): void {
    this.watch(new Map())
  }

  #open(path: string): void {
    if (this.#watchers.has(path)) return
    try {
      const watcher = watch(path, (_, name) => {
        if (this.#matters.get(path)?.(name ?? '') !== false) this.#changed()
      })
      // The directory is gone: its files are, too.
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(path)
        this.#changed()
      })
      this.#watchers.set(path, watcher)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw new HilError(
        'watch.too-many',
        `${path} can't be watched: ${reasonOf(error)}; the limit is fs.inotify.max_user_watches (sysctl)`,
        { blame: 'environment', details: { path, directories: this.#matters.size }, cause: error },
      )
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

function nearest(path: string): string {
  let found = path
  while (!existsSync(found) && dirname(found) !== found) found = dirname(found)
  return found
}

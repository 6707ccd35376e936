import { addAbortListener } from 'node:events'
import { existsSync, realpathSync, watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import { HilError } from '../core/errors.ts'

/**
 * Looks at once, and again whenever something changes on the way to a path, by inotify: when it or what it
 * links to is made, removed, or gets other rights.
 *
 * @param look rejects with what is missing
 * @param isWorthWaiting whether a change could mend what `look` rejected with
 * @throws what `look` rejected with last, once `signal` aborts
 */
export async function whenPathAllows<T>(
  path: string,
  look: () => Promise<T>,
  isWorthWaiting: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    using change = watchWayTo(path)
    try {
      return await look()
    } catch (error) {
      if (signal.aborted || !isWorthWaiting(error)) throw error
      await change.next(signal)
      if (signal.aborted) throw error
    }
  }
}

interface Change extends Disposable {
  /** Resolves at the first change since the watching began, or when `signal` aborts. */
  next(signal: AbortSignal): Promise<void>
}

function watchWayTo(path: string): Change {
  const watchers: FSWatcher[] = []
  let happened: () => void = () => undefined
  const change = new Promise<void>((resolve) => (happened = resolve))
  const dispose = () => {
    for (const watcher of watchers) watcher.close()
  }
  try {
    for (const place of [() => nearestDirectory(path), () => directoryBehind(path)]) {
      // A directory that is made meanwhile has to be watched itself.
      for (let at = place(), watched: string | undefined; at !== undefined && at !== watched; at = place()) {
        watched = at
        // One that is removed says so first.
        watchers.push(watch(at, happened).on('error', happened))
      }
    }
  } catch (cause) {
    dispose()
    throw notWatched(path, cause)
  }
  return {
    [Symbol.dispose]: dispose,
    async next(signal) {
      using _abort = addAbortListener(signal, happened)
      await change
    },
  }
}

/** The directory that would change first if the path came to be. */
function nearestDirectory(path: string): string {
  let directory = dirname(path)
  while (!existsSync(directory)) directory = dirname(directory)
  return directory
}

/** Where what the path links to is. */
function directoryBehind(path: string): string | undefined {
  try {
    return dirname(realpathSync(path))
  } catch {
    return undefined
  }
}

function notWatched(path: string, cause: unknown): HilError {
  return new HilError(
    'transport.not-watched',
    `nothing can be told of when ${path} will be there: the kernel watches no more directories for this user; raise fs.inotify.max_user_instances (sysctl)`,
    { blame: 'environment', details: { path }, cause },
  )
}

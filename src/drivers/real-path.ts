import { realpathSync } from 'node:fs'

/**
 * The device or socket behind a path that may be a link, so that two names of it are one resource. A
 * path that does not exist (yet) is what it says: opening it tells what is wrong.
 */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

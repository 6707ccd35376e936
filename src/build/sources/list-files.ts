import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** All files below a directory that end with `suffix`, sorted; none when it is not there. */
export async function listFiles(directory: string, suffix: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** The first of the paths that is there. */
export async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await access(path)
      return path
    } catch {
      continue
    }
  }
  return undefined
}

import { readdir, readFile, readlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Programs that build, as the kernel names their processes. */
const builders = new Set(['make', 'gmake', 'ninja', 'samu'])

/** Nobody but its parent is told when a process ends, so this is asked again, in milliseconds. */
const askAgainMs = 200

/**
 * Waits until no build is under way that could write one of these files: what it has written so far is only a
 * part of what it will write. Builds of other users can't be seen.
 * @returns whether there was one
 */
export async function untilBuilt(files: readonly string[], signal: AbortSignal): Promise<boolean> {
  let isFirst = true
  while (!signal.aborted && (await isBuildRunning(files))) {
    isFirst = false
    await wait(askAgainMs, undefined, { signal }).catch(() => undefined)
  }
  return !isFirst
}

/** A build works in a directory above of what it writes. */
async function isBuildRunning(files: readonly string[]): Promise<boolean> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const directories = await Promise.all(processes.map(directoryOfBuild))
  return directories.some(
    (directory) =>
      directory !== undefined &&
      directory !== sep &&
      files.some((file) => file.startsWith(`${directory}${sep}`)),
  )
}

async function directoryOfBuild(process: string): Promise<string | undefined> {
  try {
    const name = await readFile(`/proc/${process}/comm`, 'utf8')
    return builders.has(name.trim()) ? await readlink(`/proc/${process}/cwd`) : undefined
  } catch {
    // It has ended, or is not ours to look at.
    return undefined
  }
}

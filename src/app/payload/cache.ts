import { createHash } from 'node:crypto'
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheHome } from '../cache-home.ts'

/** A payload that nobody asked for so long is removed, in milliseconds. */
const keptMs = 14 * 24 * 3600 * 1000

/**
 * The directory for what is made of something, the same for the same `key`; it may not be there yet. What
 * has not been used for long is removed on the way. See docs/decisions/0004.
 * @param name for people who look into the cache
 */
export async function cacheDirectory(name: string, key: unknown): Promise<string> {
  const base = join(cacheHome(), 'payloads')
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16)
  const directory = join(base, `${name.replaceAll(/[^\w.-]/g, '_')}-${hash}`)
  const now = new Date()
  await utimes(directory, now, now).catch(() => undefined)
  await removeOld(base, now.getTime() - keptMs)
  return directory
}

async function removeOld(base: string, before: number): Promise<void> {
  for (const name of await readdir(base).catch(() => [])) {
    const path = join(base, name)
    const { mtimeMs = Infinity } = (await stat(path).catch(() => undefined)) ?? {}
    if (mtimeMs < before) await rm(path, { recursive: true, force: true })
  }
}

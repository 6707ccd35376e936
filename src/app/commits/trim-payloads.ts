import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { parseMemorySize } from '../../core/memory-size.ts'

/** How much the payloads of one repository may take unless `HIL_BISECT_CACHE` says otherwise. */
const usualLimit = '20G'

/** @throws HilError `commits.cache-size` (environment) */
export function cacheLimit(variable = process.env['HIL_BISECT_CACHE']): number {
  const bytes = parseMemorySize(variable || usualLimit)
  if (bytes !== undefined) return bytes
  throw new HilError(
    'commits.cache-size',
    `HIL_BISECT_CACHE is ${JSON.stringify(variable)}: write how much payloads of commits may take, such as ${usualLimit} or 500M`,
    { blame: 'environment', details: { variable } },
  )
}

/**
 * Removes the payloads that were not used for longest, until what is left takes no more than `limit` bytes.
 *
 * @param directory of payloads, a directory each, of which the time tells when it was used
 * @param needed names of those that stay whatever they take
 */
export async function trimPayloads(
  directory: string,
  limit: number,
  needed: ReadonlySet<string>,
): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  const payloads = await Promise.all(
    names.map(async (name) => ({
      name,
      usedAt: (await stat(join(directory, name))).mtimeMs,
      bytes: await sizeOf(join(directory, name)),
    })),
  )
  let total = payloads.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { name, bytes } of payloads.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= limit) return
    if (needed.has(name)) continue
    await rm(join(directory, name), { recursive: true, force: true })
    total -= bytes
  }
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import { parseBisection } from '../../core/bisection-schema.ts'
import { HilError, messageOf } from '../../core/errors.ts'

/** What a bisection keeps in its directory. */
export const bisectionFile = 'bisect.json'

/** Written once: the commits of the range and their parents, which may be many. */
export const rangeFile = 'range.json'

/**
 * Writes a file such that whatever happens there is the old one or the new one, also when the power fails.
 * @throws HilError `bisect.save` (infrastructure), for a disk that is full
 */
export async function writeDurably(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.new`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, 1)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    const directory = await open(dirname(path), 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  } catch (error) {
    throw new HilError(
      'bisect.save',
      `the state of the bisection can't be written to ${path}: ${messageOf(error)}; what was found out before is there`,
      { blame: 'infrastructure', details: { path }, cause: error },
    )
  }
}

/** @throws HilError `bisect.state` (environment) */
export async function readBisection(directory: string): Promise<BisectionRecord> {
  const path = join(directory, bisectionFile)
  return parseBisection(await readJson(path), path)
}

export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new HilError('bisect.state', `${path} can't be read: ${messageOf(error)}`, {
      blame: 'environment',
      details: { path },
      cause: error,
    })
  }
}

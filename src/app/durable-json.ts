import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'

/**
 * Writes a file such that whatever happens there is the old one or the new one, also when the power fails.
 * @throws HilError `state.save` (infrastructure), for a disk that is full
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
      'state.save',
      `what was found out can't be written to ${path}: ${reasonOf(error)}; what is there was found out before`,
      { blame: 'infrastructure', details: { path }, cause: error },
    )
  }
}

/** @throws HilError `state.read` (environment) */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new HilError('state.read', `${path} can't be read: ${reasonOf(error)}`, {
      blame: 'environment',
      details: { path },
      cause: error,
    })
  }
}

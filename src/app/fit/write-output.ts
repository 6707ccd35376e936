import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { toByteSource, type Content } from '../../codecs/byte-source.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** Writes a file whole or not at all, into a directory that is there. Throws `fit.unwritable` (environment). */
export async function writeOutput(path: string, content: Content): Promise<void> {
  const unfinished = `${path}.new`
  try {
    await pipeline(toByteSource(content).open(), createWriteStream(unfinished))
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    if (cause instanceof HilError) throw cause
    throw unwritable(path, cause)
  }
}

export function unwritable(path: string, cause: unknown): HilError {
  return new HilError('fit.unwritable', `${path} can't be written: ${reasonOf(cause)}`, {
    blame: 'environment',
    details: { path },
    cause,
  })
}

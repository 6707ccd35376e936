import { resolve } from 'node:path'
import { openPayloadFile } from '../../build/files.ts'
import { openFit, type Fit } from '../../codecs/fit/index.ts'
import type { RandomAccess } from '../../codecs/random-access.ts'
import { HilError } from '../../core/errors.ts'

/** Works on a FIT; what is wrong with it is said with the name of its file. Throws `fit.*`, `fdt.*` and more. */
export async function withFit<T>(
  file: string,
  cwd: string,
  work: (source: RandomAccess, fit: Fit) => Promise<T>,
): Promise<T> {
  await using source = await openPayloadFile(resolve(cwd, file))
  // Awaited here: the file must stay open until then.
  return await about(file, async () => work(source, await openFit(source)))
}

/** Puts what it is about in front of an error: the reader of a format knows no names. */
export async function about<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof HilError) || error.blame !== 'payload') throw error
    const { code, message, blame, details } = error
    throw new HilError(code, `${what}: ${message}`, { blame, details, cause: error })
  }
}

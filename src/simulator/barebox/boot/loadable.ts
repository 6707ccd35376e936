import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { BootFailure } from './boot-entry.ts'
import { gunzipBeginning } from './gunzip-loosely.ts'
import { headerSize, unpack } from './kernel-image.ts'

/** A part of what is booted, loaded when its turn comes. */
export interface Loadable {
  /** As the report of overrides shows it. */
  readonly name: string
  /** @throws BootFailure after having said why */
  load(): Promise<Uint8Array>
  /**
   * To look into it, at least at its beginning; of a FIT that is tried in two ways, and what is wrong is
   * said twice. @throws BootFailure
   */
  view(): Promise<Uint8Array>
}

export type PartType = 'kernel' | 'initrd' | 'fdt'

/** A file that is there. @throws BootFailure where it is not */
export async function fileLoadable(barebox: Barebox, name: string, type: PartType): Promise<Loadable> {
  const path = resolvePath(barebox.directory, name)
  if ((await barebox.files.find(path)) === undefined) {
    await barebox.log('error', `${type} image "${name}" not found: ${errno.noEntry}`)
    throw new BootFailure(errno.noEntry)
  }
  const load = async () => {
    try {
      return await barebox.files.readBytes(path)
    } catch (error) {
      throw failureOf(error)
    }
  }
  return { name: `File(${name})`, load, view: load }
}

/**
 * The files of a list with `:` between them, as with PATH: the first empty name stands for what there is
 * already, further ones for nothing.
 */
export async function fileLoadables(
  barebox: Barebox,
  list: string,
  type: PartType,
  own: readonly Loadable[],
): Promise<readonly Loadable[]> {
  if (list === '') return []
  const loadables: Loadable[] = []
  let ownIsIn = false
  for (const name of list.split(':')) {
    if (name !== '') loadables.push(await fileLoadable(barebox, name, type))
    else if (!ownIsIn) {
      loadables.push(...own)
      ownIsIn = true
    }
  }
  return loadables
}

/** A compressed file, unpacked when it is loaded; to tell what it is, its beginning is enough. */
export function decompressed(barebox: Barebox, inner: Loadable): Loadable {
  return {
    name: `Decompress(${inner.name})`,
    load: async () => {
      const bytes = await inner.load()
      try {
        return unpack(bytes) ?? bytes
      } catch {
        await barebox.print('uncompression error\n')
        throw new BootFailure(errno.notPermitted)
      }
    },
    view: async () => gunzipBeginning(await inner.load(), headerSize),
  }
}

/** The beginning of a file that is to be booted, by which its type is known. @throws BootFailure */
export async function readHeader(barebox: Barebox, name: string): Promise<Uint8Array> {
  let header: Uint8Array
  try {
    header = await barebox.files.readBytes(resolvePath(barebox.directory, name), headerSize)
  } catch (error) {
    const failure = failureOf(error)
    await barebox.log('error', `could not open ${name}: ${failure.message}`)
    throw failure
  }
  if (header.length < headerSize) throw new BootFailure(errno.noData)
  return header
}

export function failureOf(error: unknown): BootFailure {
  if (!(error instanceof FileTreeError)) throw error
  return new BootFailure(error.reason === 'Is a directory' ? errno.badFile : error.message)
}

import { readFile } from 'node:fs/promises'
import { detectCompression, decompressMember } from '../../codecs/compression/index.ts'
import { payloadError } from '../../codecs/payload-error.ts'
import { isModulePath, readModuleInfo, stripDebug, type ModuleInfo } from '../../payload/modules/index.ts'
import { decompress } from '../decompress.ts'
import { unreadable } from '../files.ts'

/** A module as it is sent to a board that runs. */
export interface ModuleFile {
  readonly path: string
  readonly info: ModuleInfo
  /** Unpacked; without debug sections where it is not signed. */
  readonly bytes: Uint8Array
}

/** More than the largest module with debug information. */
const maximumModule = 512 << 20

/** @throws HilError `module.*`, `compression.*`, `payload.unreadable` (payload) */
export async function readModuleFile(path: string): Promise<ModuleFile> {
  const packed = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  const compression = path.endsWith('.ko') ? undefined : detectCompression(packed)
  const bytes =
    compression === undefined
      ? packed
      : (await decompressMember(compression, packed, maximumModule, decompress)).data
  const info = readModuleInfo(bytes, path)
  if (info.vermagic === undefined || !isModulePath(path)) {
    throw payloadError('module.none', `${path} is no kernel module: it does not say for which kernel it is`, {
      path,
    })
  }
  return { path, info, bytes: info.isSigned ? bytes : stripDebug(bytes, path) }
}

import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { detectCompression, decompressMember } from '../../codecs/compression/index.ts'
import { readCpio, type CpioEntry } from '../../codecs/cpio/index.ts'
import { mapConcurrently } from '../../codecs/fit/map-concurrently.ts'
import { payloadError } from '../../codecs/payload-error.ts'
import {
  isModulePath,
  ModuleSet,
  parseBuiltinAliases,
  parseModulePaths,
  readModuleInfo,
  releaseOfPath,
} from '../../payload/modules/index.ts'
import { decompress } from '../decompress.ts'
import { unreadable } from '../files.ts'

/** The modules of one kernel, wherever they are: by path relative to `lib/modules/<release>`. */
export interface ModuleFiles {
  readonly release: string
  /** `kernel/drivers/block/virtio_blk.ko`, ...; links to the build host are not among them. */
  readonly paths: readonly string[]
  /** Files on disk that all this is read from: who compares them knows whether anything changed. */
  readonly inputs: readonly string[]
  /** As it is on disk, compressed or not; undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
}

/**
 * The modules below a directory that `modules_install` or a package filled: the directory may be the
 * root (with `lib/modules` or `usr/lib/modules`), or `lib/modules/<release>` itself.
 *
 * Throws `modules.not-found` and `modules.ambiguous`.
 */
export async function openModuleDirectory(directory: string, release?: string): Promise<ModuleFiles> {
  const found = await findRelease(directory, release)
  const entries = await readdir(found.path, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      throw unreadable(found.path, error)
    },
  )
  // `build` and `source` are links to where the kernel was built, of no use on a board.
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(found.path, join(entry.parentPath, entry.name)))
    .sort()
  return {
    release: found.release,
    paths: files.filter(isModulePath),
    inputs: files.map((file) => join(found.path, file)),
    read: (path) => readIfThere(join(found.path, path)),
  }
}

/** The modules in an archive made by `make modules-cpio-pkg`. Throws `modules.not-found` and `cpio.*`. */
export async function openModuleArchive(file: string): Promise<ModuleFiles> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  const compression = detectCompression(bytes)
  const archive =
    compression === undefined ? bytes : (await decompressMember(compression, bytes, 4 << 30, decompress)).data
  const byPath = new Map<string, CpioEntry>()
  const releases = new Set<string>()
  for (const entry of readCpio(archive)) {
    const release = releaseOfPath(entry.path)
    if (release === undefined || entry.type !== 'file') continue
    releases.add(release)
    byPath.set(entry.path.slice(entry.path.indexOf(`${release}/`) + release.length + 1), entry)
  }
  const release = theOnly([...releases], file)
  return {
    release,
    paths: [...byPath.keys()].filter(isModulePath).sort(),
    inputs: [file],
    read: (path) => Promise.resolve(byPath.get(path)?.data),
  }
}

/** Reads all modules, for what they say of themselves. Throws `module.*` and `compression.*`. */
export async function loadModuleSet(files: ModuleFiles): Promise<ModuleSet> {
  const modules = await mapConcurrently(files.paths, 8, async (path) => ({
    path,
    ...readModuleInfo(await readModule(files, path), path),
  }))
  const text = async (name: string) => Buffer.from((await files.read(name)) ?? []).toString('utf8')
  const builtinInfo = await files.read('modules.builtin.modinfo')
  return new ModuleSet(modules, {
    builtin: parseModulePaths(await text('modules.builtin')),
    builtinAliases: builtinInfo === undefined ? [] : parseBuiltinAliases(builtinInfo),
    order: parseModulePaths(await text('modules.order')),
  })
}

/** More than the largest module with debug information. */
const maximumModule = 512 << 20

/** A module, unpacked. */
export async function readModule(files: ModuleFiles, path: string): Promise<Uint8Array> {
  const bytes = await files.read(path)
  if (bytes === undefined) {
    throw payloadError('modules.gone', `the module ${path} is gone: was the kernel built meanwhile?`, {
      path,
    })
  }
  const compression = /\.(?:gz|xz|zst)$/.test(path) ? detectCompression(bytes) : undefined
  return compression === undefined
    ? bytes
    : (await decompressMember(compression, bytes, maximumModule, decompress)).data
}

async function findRelease(
  directory: string,
  wanted: string | undefined,
): Promise<{ readonly path: string; readonly release: string }> {
  const own = releaseOfPath(relative('/', directory)) ?? /\/lib\/modules\/([^/]+)\/?$/.exec(directory)?.[1]
  if (own !== undefined) return { path: directory, release: own }
  for (const parent of ['lib/modules', 'usr/lib/modules']) {
    const path = join(directory, parent)
    const releases = await directoriesIn(path)
    if (releases.length === 0) continue
    const release = wanted !== undefined && releases.includes(wanted) ? wanted : theOnly(releases, path)
    return { path: join(path, release), release }
  }
  throw payloadError(
    'modules.not-found',
    `${directory} has no modules: there is neither lib/modules nor usr/lib/modules in it`,
    { directory },
  )
}

function theOnly(releases: readonly string[], where: string): string {
  const [release, ...others] = releases
  if (release !== undefined && others.length === 0) return release
  throw release === undefined
    ? payloadError('modules.not-found', `${where} has no modules below lib/modules/<release>`, { where })
    : payloadError(
        'modules.ambiguous',
        `${where} has modules for ${releases.join(', ')}: name the directory of one of them`,
        { where, releases },
      )
}

async function directoriesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(path, error)
  }
}

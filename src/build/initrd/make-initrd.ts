import { createWriteStream } from 'node:fs'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { detectCompression } from '../../codecs/compression/index.ts'
import { joinMembers, packCpio, padMember, type CpioItem } from '../../codecs/cpio/index.ts'
import { parseFdt } from '../../codecs/fdt/index.ts'
import { boardModules, type MissingModule, type ModuleSet } from '../../payload/modules/index.ts'
import type { PayloadRequest } from '../build-request.ts'
import { mergeDeviceTree } from '../device-tree.ts'
import { unreadable } from '../files.ts'
import { loadModuleSet, type ModuleFiles } from '../modules/module-files.ts'
import { packModules } from '../modules/pack-modules.ts'
import { packRootInitramfs } from './root-initramfs.ts'

/** What there is to say of an initrd that was made. */
export interface InitrdReport {
  readonly modules: number
  /** Loaded before root is mounted, by hil's own init. */
  readonly loaded: readonly string[]
  readonly missing: readonly MissingModule[]
  readonly strippedBytes: number
  /** What the board's root, storage and network need and rsinit will not load. */
  readonly notLoaded: readonly string[]
}

export interface InitrdParts {
  readonly modules: ModuleFiles | undefined
  /** The board's device tree, for its drivers. */
  readonly deviceTree: string | undefined
  /** Whether gzip may be used; a kernel without it gets bare archives. */
  readonly isCompressed: boolean
}

type InitrdRequest = Pick<
  PayloadRequest,
  'initrd' | 'init' | 'modules' | 'extraModules' | 'modulesPrefix' | 'files' | 'overlays'
>

const gzipAsync = promisify(gzip)

/** Whether there is anything to put into an initrd. */
export function needsInitrd(request: InitrdRequest, modules: ModuleFiles | undefined): boolean {
  const { initrd, init, files } = request
  return (
    initrd.files.length > 0 ||
    init !== undefined ||
    files !== undefined ||
    (modules !== undefined && request.modules !== 'none')
  )
}

/** The files that `writeInitrd` reads, to tell whether anything has changed. */
export async function initrdInputs(
  { initrd, init, files, overlays, modules: selection }: InitrdRequest,
  { modules, deviceTree }: Pick<InitrdParts, 'modules' | 'deviceTree'>,
): Promise<string[]> {
  return [
    ...initrd.files,
    ...(init === undefined ? [] : ['busybox' in init ? init.busybox : init.rsinit]),
    ...(files === undefined
      ? []
      : (await listBelow(files)).filter(({ type }) => type === 'file').map(({ file }) => file)),
    ...(modules === undefined || selection === 'none' ? [] : modules.inputs),
    ...(deviceTree === undefined ? [] : [deviceTree]),
    ...overlays,
  ]
}

/**
 * Writes one initrd: the given ones, then the init, the modules, and the files laid over all. Later
 * members win. Every member is compressed where it may be, so that it is found wherever it begins.
 */
export async function writeInitrd(
  path: string,
  request: InitrdRequest,
  parts: InitrdParts,
): Promise<InitrdReport> {
  const { initrd, init, modulesPrefix, files } = request
  const compress = async (archive: Uint8Array) =>
    parts.isCompressed ? gzipAsync(archive, { level: 6 }) : archive
  const given = await Promise.all(initrd.files.map(readBytes))
  const chosen = await chooseModules(request, parts)
  const packed =
    chosen &&
    (await packModules(chosen.files, chosen.set, {
      names: chosen.names,
      prefix: modulesPrefix,
      isCompressed: parts.isCompressed,
    }))
  const own =
    init === undefined
      ? []
      : 'busybox' in init
        ? [await compress(await packRootInitramfs(init.busybox, chosen?.early ?? []))]
        : [await compressIfBare(await readBytes(init.rsinit), compress)]
  const laidOver = files === undefined ? [] : [await compress(await packCpio(await directoryItems(files)))]
  const members = [...given, ...own, ...(packed?.members ?? []), ...laidOver]
  await pipeline(padMember(joinMembers(members)).open(), createWriteStream(path, { mode: 0o644 }))
  return {
    modules: packed?.modules.length ?? 0,
    loaded: init !== undefined && 'busybox' in init ? (chosen?.early ?? []) : [],
    missing: packed?.missing ?? [],
    strippedBytes: packed?.strippedBytes ?? 0,
    notLoaded: init !== undefined && 'rsinit' in init ? (chosen?.early ?? []) : [],
  }
}

interface ChosenModules {
  readonly files: ModuleFiles
  readonly set: ModuleSet
  readonly names: 'all' | readonly string[]
  /** Names of what root needs, in the order of loading. */
  readonly early: readonly string[]
}

async function chooseModules(
  { modules: selection, extraModules, overlays }: InitrdRequest,
  { modules: files, deviceTree }: InitrdParts,
): Promise<ChosenModules | undefined> {
  if (files === undefined || selection === 'none') return undefined
  const set = await loadModuleSet(files)
  const tree = deviceTree === undefined ? undefined : parseFdt(await mergeDeviceTree(deviceTree, overlays))
  const wanted = [...boardModules(set, tree), ...extraModules]
  const early = set.closure(wanted).modules.map(({ name }) => name)
  return { files, set, names: selection === 'all' ? 'all' : wanted, early }
}

async function compressIfBare(
  archive: Uint8Array,
  compress: (archive: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  return detectCompression(archive) === undefined ? compress(archive) : archive
}

interface Below {
  readonly file: string
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink'
}

async function listBelow(directory: string): Promise<Below[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      throw unreadable(directory, error)
    },
  )
  return entries.flatMap((entry): Below[] => {
    const file = join(entry.parentPath, entry.name)
    const type = entry.isFile()
      ? 'file'
      : entry.isDirectory()
        ? 'directory'
        : entry.isSymbolicLink()
          ? 'symlink'
          : undefined
    return type === undefined ? [] : [{ file, path: relative(directory, file), type }]
  })
}

/** Owned by root, with the permissions that they have here. */
async function directoryItems(directory: string): Promise<CpioItem[]> {
  return Promise.all(
    (await listBelow(directory)).map(async ({ file, path, type }): Promise<CpioItem> => {
      if (type === 'symlink') return { type, path, target: await readlink(file) }
      const permissions = (await stat(file)).mode & 0o7777
      return type === 'directory'
        ? { type, path, permissions }
        : { type, path, permissions, data: await readBytes(file) }
    }),
  )
}

async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    throw unreadable(file, error)
  })
}

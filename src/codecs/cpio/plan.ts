import { toByteSource, type ByteSource } from '../byte-source.ts'
import { payloadError } from '../payload-error.ts'
import { modeOf, isDevice, type CpioItem, type DeviceNumber } from './entry.ts'
import { pathMax } from './header.ts'
import { comparePaths, normalizePath, parentsOf } from './path.ts'

/** One entry as it will be written, all fields decided. */
export interface PlannedEntry {
  readonly path: string
  readonly ino: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly nlink: number
  readonly mtime: number
  readonly deviceNode: DeviceNumber
  readonly data: ByteSource
}

type Target = Exclude<CpioItem, { type: 'hard-link' }>

const empty = toByteSource(new Uint8Array(0))
const noDevice: DeviceNumber = { major: 0, minor: 0 }

/**
 * Decides order, inode numbers and the missing parents, so that the same items always give the same
 * archive. The kernel creates no directories on its own, hence parents are added (root, 0755).
 */
export function planEntries(items: Iterable<CpioItem>, defaultMtime: number): PlannedEntry[] {
  const byPath = collectByPath(items)
  const paths = withParents(byPath.keys()).sort(comparePaths)
  const names = countNames(byPath)
  const inodes = new Map<Target | string, number>()
  return paths.map((path) => {
    const item = byPath.get(path)
    const target = item === undefined ? ({ type: 'directory', path } as const) : resolveTarget(item, byPath)
    const key = item === undefined ? path : target
    const written = inodes.has(key)
    const ino = inodes.get(key) ?? inodes.size + 1
    inodes.set(key, ino)
    return {
      path,
      ino,
      mode: modeOf(target.type, target.permissions ?? defaultPermissions(target.type)),
      uid: target.uid ?? 0,
      gid: target.gid ?? 0,
      nlink: target.type === 'directory' ? 2 : (names.get(target) ?? 1),
      mtime: target.mtime ?? defaultMtime,
      deviceNode: isDeviceItem(target) ? { major: target.major, minor: target.minor } : noDevice,
      // Hard links: the first name carries the data, so a reader never has to wait for it.
      data: written ? empty : dataOf(target),
    }
  })
}

function collectByPath(items: Iterable<CpioItem>): Map<string, CpioItem> {
  const byPath = new Map<string, CpioItem>()
  for (const item of items) {
    const path = normalizePath(item.path)
    if (byPath.has(path)) {
      throw payloadError('cpio.duplicate-path', `${JSON.stringify(path)} is put into the archive twice`, {
        path,
      })
    }
    byPath.set(path, item)
  }
  return byPath
}

function withParents(paths: Iterable<string>): string[] {
  const all = new Set<string>()
  for (const path of paths) {
    for (const parent of parentsOf(path)) all.add(parent)
    all.add(path)
  }
  return [...all]
}

function countNames(byPath: ReadonlyMap<string, CpioItem>): Map<Target, number> {
  const names = new Map<Target, number>()
  for (const [path, item] of byPath) {
    const target = resolveTarget(item, byPath)
    names.set(target, (names.get(target) ?? 0) + 1)
    for (const parent of parentsOf(path)) rejectNonDirectory(parent, path, byPath)
  }
  return names
}

function resolveTarget(item: CpioItem, byPath: ReadonlyMap<string, CpioItem>): Target {
  if (item.type !== 'hard-link') return item
  const target = byPath.get(normalizePath(item.target))
  if (target?.type === 'file') return target
  const fault = target === undefined ? 'is not in the archive' : `is a ${target.type}, not a file`
  throw payloadError(
    'cpio.bad-hard-link',
    `the hard link ${JSON.stringify(item.path)} names ${JSON.stringify(item.target)}, which ${fault}`,
    { path: item.path, target: item.target },
  )
}

function rejectNonDirectory(parent: string, path: string, byPath: ReadonlyMap<string, CpioItem>): void {
  const item = byPath.get(parent)
  if (item === undefined || item.type === 'directory') return
  throw payloadError(
    'cpio.parent-not-directory',
    `${JSON.stringify(path)} can't be put into the archive: ${JSON.stringify(parent)} is a ${item.type} there`,
    { path, parent, type: item.type },
  )
}

function defaultPermissions(type: Target['type']): number {
  if (type === 'directory') return 0o755
  if (type === 'symlink') return 0o777
  return isDevice(type) ? 0o600 : 0o644
}

function isDeviceItem(item: Target): item is Extract<Target, DeviceNumber> {
  return isDevice(item.type)
}

function dataOf(item: Target): ByteSource {
  if (item.type === 'file') return toByteSource(item.data)
  if (item.type !== 'symlink') return empty
  const { path, target } = item
  if (target === '' || target.includes('\0') || Buffer.byteLength(target) >= pathMax) {
    throw payloadError(
      'cpio.bad-link-target',
      `the symbolic link ${JSON.stringify(path)} can't point at ${JSON.stringify(target)}: a target has 1 to ${pathMax - 1} bytes and no NUL`,
      { path, target },
    )
  }
  return toByteSource(target)
}

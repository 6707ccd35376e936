import { payloadError } from '../payload-error.ts'
import type { CpioEntry, CpioItem } from './entry.ts'

/**
 * Entries that were read, as items to be written again. Of several entries with one path the last
 * wins; hard links stay hard links, wherever in the archive their data are.
 *
 * Throws `cpio.unknown-type` for an entry that is none of the seven kinds of file.
 */
export function toCpioItems(entries: Iterable<CpioEntry>): CpioItem[] {
  const all = [...entries]
  const dataOfInode = new Map(
    all
      .filter((entry) => isHardLinked(entry) && entry.size > 0)
      .map((entry) => [inodeKey(entry), entry.data]),
  )
  const firstName = new Map<string, string>()
  return [...new Map(all.map((entry) => [entry.path, entry])).values()].map((entry) => {
    if (!isHardLinked(entry)) return toItem(entry, entry.data)
    const key = inodeKey(entry)
    const target = firstName.get(key)
    if (target !== undefined) return { type: 'hard-link', path: entry.path, target }
    firstName.set(key, entry.path)
    return toItem(entry, dataOfInode.get(key) ?? entry.data)
  })
}

/** Whether an entry may share its content with others: same device and inode, more than one name. */
function isHardLinked({ type, nlink }: CpioEntry): boolean {
  return type === 'file' && nlink >= 2
}

export function inodeKey({ device, ino }: CpioEntry): string {
  return `${device.major}:${device.minor}:${ino}`
}

function toItem(entry: CpioEntry, data: Uint8Array): CpioItem {
  const { path, permissions, uid, gid, mtime, type } = entry
  const base = { path, permissions, uid, gid, mtime }
  switch (type) {
    case 'file':
      return { ...base, type, data }
    case 'symlink':
      return { ...base, type, target: entry.linkTarget ?? '' }
    case 'character-device':
    case 'block-device':
      return { ...base, type, ...entry.deviceNode }
    case 'directory':
    case 'fifo':
    case 'socket':
      return { ...base, type }
    case 'unknown':
      throw payloadError(
        'cpio.unknown-type',
        `${JSON.stringify(path)} (entry at offset ${entry.offset}) has the mode 0${entry.mode.toString(8)}, which is no kind of file`,
        { path, mode: entry.mode },
      )
  }
}

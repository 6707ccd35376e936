import { paddingTo } from '../byte-source.ts'
import { payloadError } from '../payload-error.ts'
import { typeOfMode, type CpioEntry, type CpioEntryHead } from './entry.ts'
import { addToChecksum, decodeHeader, headerSize, pathMax, trailerName, type RawHeader } from './header.ts'
import { decodeName } from './path.ts'

/**
 * The entries of one archive in memory, up to its trailer; their data are views.
 * Throws HilErrors `cpio.*` that say the offset; never reads beyond `bytes`.
 */
export function* readCpio(bytes: Uint8Array): Generator<CpioEntry, void> {
  let offset = 0
  for (;;) {
    const { entry, next } = readEntry(bytes, offset)
    if (entry.path === trailerName) return
    yield entry
    offset = next
  }
}

/** One entry, and where the next begins. The trailer is an entry, too. */
export function readEntry(bytes: Uint8Array, offset: number): { entry: CpioEntry; next: number } {
  if (bytes.length - offset < headerSize) throw truncated('header', offset, headerSize, bytes.length - offset)
  const header = decodeHeader(bytes.subarray(offset, offset + headerSize), offset)
  const nameStart = offset + headerSize
  checkNameSize(header, offset)
  // Name and data begin at multiples of 4, counted from the start of the archive.
  const dataStart = nameStart + header.nameSize + paddingTo(4, nameStart + header.nameSize)
  const end = dataStart + header.size
  if (end > bytes.length) throw truncated('entry', offset, end - offset, bytes.length - offset)
  const head = describeEntry(header, bytes.subarray(nameStart, nameStart + header.nameSize), offset)
  const data = bytes.subarray(dataStart, end)
  if (header.checksum !== undefined && head.type === 'file') {
    checkSum(head, addToChecksum(0, data))
  }
  const linkTarget = head.type === 'symlink' ? { linkTarget: decodeName(data) } : {}
  return { entry: { ...head, ...linkTarget, data }, next: end + paddingTo(4, end) }
}

/** Throws `cpio.bad-name`: nameless entries and names the kernel would not take. */
export function checkNameSize({ nameSize }: RawHeader, offset: number): void {
  if (nameSize > 0 && nameSize <= pathMax) return
  throw payloadError(
    'cpio.bad-name',
    `the entry at offset ${offset} has a name of ${nameSize} bytes; 1 to ${pathMax} are possible, the final NUL included`,
    { offset, nameSize },
  )
}

/** @param name the name's bytes with the NUL at their end */
export function describeEntry(header: RawHeader, name: Uint8Array, offset: number): CpioEntryHead {
  const length = name.indexOf(0)
  if (length === -1) {
    throw payloadError('cpio.bad-name', `the name of the entry at offset ${offset} does not end with a NUL`, {
      offset,
    })
  }
  const { nameSize: _, ...fields } = header
  const head = {
    ...fields,
    path: decodeName(name.subarray(0, length)),
    type: typeOfMode(header.mode),
    permissions: header.mode & 0o7777,
    offset,
  }
  if (head.type === 'symlink' && header.size >= pathMax) {
    throw payloadError(
      'cpio.bad-link-target',
      `the symbolic link ${JSON.stringify(head.path)} at offset ${offset} has a target of ${header.size} bytes; at most ${pathMax - 1} are possible`,
      { offset, path: head.path, size: header.size },
    )
  }
  return head
}

/** Throws `cpio.bad-checksum` when the sum of the data is not the one in the header. */
export function checkSum({ path, offset, checksum }: CpioEntryHead, sum: number): void {
  // GNU cpio writes 0 for the names of a hard link that carry no data; their sum is 0 as well.
  if (sum === checksum) return
  throw payloadError(
    'cpio.bad-checksum',
    `the data of ${JSON.stringify(path)} (entry at offset ${offset}) add up to ${sum}, the archive says ${checksum}`,
    { offset, path, expected: checksum, actual: sum },
  )
}

export function truncated(what: 'header' | 'entry', offset: number, needed: number, available: number) {
  return payloadError(
    'cpio.truncated',
    available <= 0
      ? `the archive ends at offset ${offset} without its trailer`
      : `the archive is cut off: the ${what} at offset ${offset} needs ${needed} bytes, ${available} are left`,
    { offset, needed, available: Math.max(0, available) },
  )
}

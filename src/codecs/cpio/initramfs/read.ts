import { HilError } from '../../../core/errors.ts'
import { decompressMember, detectCompression } from '../../compression/index.ts'
import type { Compression, Decompressor } from '../../compression/index.ts'
import { paddingTo } from '../../byte-source.ts'
import { payloadError } from '../../payload-error.ts'
import type { CpioEntry } from '../entry.ts'
import { trailerName } from '../header.ts'
import { readEntry } from '../read.ts'

export interface InitramfsOptions {
  /** Unpacks members that are not gzip. */
  readonly decompress?: Decompressor
  /** How many bytes all compressed members together may unpack to. @default 1 GiB */
  readonly limit?: number
}

/** One piece of an initramfs: an archive as it is, or a compressed block of archives. */
export interface InitramfsMember {
  /** Where it begins in the buffer. */
  readonly offset: number
  /** How many bytes of the buffer it takes. */
  readonly size: number
  readonly compression: Compression | 'none'
  /** The entries, archive by archive; hard links hold within one archive. */
  readonly archives: readonly (readonly CpioEntry[])[]
}

export interface Initramfs {
  readonly members: readonly InitramfsMember[]
  /** Why reading ended before the buffer did. The members hold what came before, as in the kernel. */
  readonly failure: HilError | undefined
}

const defaultLimit = 1 << 30

/**
 * Reads a buffer of archives, compressed archives and NUL padding in the way of the kernel's
 * init/initramfs.c. Damage is not thrown but returned beside what was readable: its codes are
 * `cpio.*`, `compression.*` and `initramfs.*`.
 */
export async function readInitramfs(bytes: Uint8Array, options: InitramfsOptions = {}): Promise<Initramfs> {
  const members: InitramfsMember[] = []
  let limit = options.limit ?? defaultLimit
  try {
    for (let at = skipNuls(bytes, 0); at < bytes.length; at = skipNuls(bytes, at)) {
      const bare = bytes[at] === zeroDigit && at % 4 === 0
      const member = bare ? readBare(bytes, at) : await readCompressed(bytes, at, limit, options.decompress)
      members.push(member.member)
      limit -= member.unpacked
      at += member.member.size
      if (member.failure !== undefined) throw member.failure
    }
    return { members, failure: undefined }
  } catch (error) {
    if (error instanceof HilError) return { members, failure: error }
    throw error
  }
}

/** Every header begins with the digit 0. */
const zeroDigit = 0x30

interface ReadMember {
  readonly member: InitramfsMember
  /** Bytes of memory beyond the buffer itself. */
  readonly unpacked: number
  readonly failure: HilError | undefined
}

function readBare(bytes: Uint8Array, offset: number): ReadMember {
  const { entries, end, failure } = readArchive(bytes, offset)
  const next = skipNuls(bytes, end)
  const misaligned = next < bytes.length && next % 4 !== 0 ? brokenPadding(next) : undefined
  return {
    member: { offset, size: end - offset, compression: 'none', archives: [entries] },
    unpacked: 0,
    failure: failure ?? misaligned,
  }
}

async function readCompressed(
  bytes: Uint8Array,
  offset: number,
  limit: number,
  decompress: Decompressor | undefined,
): Promise<ReadMember> {
  const compression = detectCompression(bytes.subarray(offset, offset + 6))
  if (compression === undefined) throw unknownMember(bytes, offset)
  const { data, consumed } = await decompressMember(compression, bytes.subarray(offset), limit, decompress)
  const archives: CpioEntry[][] = []
  let failure: HilError | undefined
  for (let at = skipNuls(data, 0); at < data.length && failure === undefined; at = skipNuls(data, at)) {
    if (data[at] !== zeroDigit) failure = junk(compression, offset, at)
    else if (at % 4 !== 0) failure = brokenPadding(at)
    else {
      const archive = readArchive(data, at)
      archives.push(archive.entries)
      failure = archive.failure
      at = archive.end
    }
  }
  return { member: { offset, size: consumed, compression, archives }, unpacked: data.length, failure }
}

/** Up to the trailer, or to where the next header is missing: the kernel does not insist on a trailer. */
function readArchive(bytes: Uint8Array, offset: number) {
  const archive = bytes.subarray(offset)
  const entries: CpioEntry[] = []
  let at = 0
  try {
    while (archive[at] === zeroDigit) {
      const { entry, next } = readEntry(archive, at)
      at = next
      if (entry.path === trailerName) break
      entries.push(entry)
    }
    return { entries, end: offset + Math.min(at, archive.length), failure: undefined }
  } catch (error) {
    if (!(error instanceof HilError)) throw error
    return { entries, end: offset + at, failure: error }
  }
}

function skipNuls(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === 0) at++
  return at
}

function unknownMember(bytes: Uint8Array, offset: number): HilError {
  const magic = Buffer.from(bytes.subarray(offset, offset + 6)).toString('hex')
  const hint =
    bytes[offset] === zeroDigit
      ? `an archive that is not compressed must begin at a multiple of 4: pad the member before it with ${paddingTo(4, offset)} NULs`
      : 'it is neither a cpio archive nor compressed in a way that is known'
  return payloadError(
    'initramfs.unknown-member',
    `the member at offset ${offset} of the initramfs begins with ${magic}: ${hint}`,
    { offset, magic, kernelSays: 'invalid magic at start of compressed archive' },
  )
}

function brokenPadding(offset: number): HilError {
  return payloadError(
    'initramfs.broken-padding',
    `what follows an archive in an initramfs must begin at a multiple of 4, not at offset ${offset}: pad with NULs`,
    { offset, kernelSays: 'broken padding' },
  )
}

function junk(compression: Compression, offset: number, at: number): HilError {
  return payloadError(
    'initramfs.junk',
    `the ${compression} member at offset ${offset} of the initramfs holds something that is no cpio archive at offset ${at} of its content`,
    { offset, at, kernelSays: 'junk within compressed archive' },
  )
}

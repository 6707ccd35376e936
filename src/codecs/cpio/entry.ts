import type { Content } from '../byte-source.ts'

export type CpioType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'socket'
  /** Type bits that Linux does not know; the kernel skips such entries. */
  | 'unknown'

export interface DeviceNumber {
  readonly major: number
  readonly minor: number
}

/** The fixed fields of one entry, as they are in the archive. */
export interface CpioHeader {
  readonly ino: number
  /** Type and permission bits together, as `st_mode`. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly nlink: number
  /** Seconds since 1970, up to 2106. */
  readonly mtime: number
  readonly size: number
  /** The file system the entry came from; with `ino` it identifies hard links. */
  readonly device: DeviceNumber
  /** What a device node stands for. */
  readonly deviceNode: DeviceNumber
  /** Whether the archive carries checksums (magic 070702), and the sum. */
  readonly checksum: number | undefined
}

/** One entry that was read, its data apart. */
export interface CpioEntryHead extends CpioHeader {
  /** As in the archive; bytes that are no UTF-8 are written `\xNN`. */
  readonly path: string
  readonly type: CpioType
  /** Permission bits with set-id and sticky bits, up to 0o7777. */
  readonly permissions: number
  /** What a symbolic link points at. */
  readonly linkTarget?: string
  /** Where the entry's header begins in the archive. */
  readonly offset: number
}

/** One entry of an archive in memory; `data` is a view into it. */
export interface CpioEntry extends CpioEntryHead {
  readonly data: Uint8Array
}

interface CpioItemBase {
  /** Relative to the root of the archive; a leading `/` or `./` is dropped. */
  readonly path: string
  /** @default 0o755 for directories, 0o777 for symbolic links, 0o600 for devices, else 0o644 */
  readonly permissions?: number
  /** @default 0 */
  readonly uid?: number
  /** @default 0 */
  readonly gid?: number
  /** Seconds since 1970. @default the archive's `mtime` */
  readonly mtime?: number
}

/** One thing to be put into an archive. */
export type CpioItem =
  | (CpioItemBase & { readonly type: 'file'; readonly data: Content })
  | (CpioItemBase & { readonly type: 'directory' | 'fifo' | 'socket' })
  | (CpioItemBase & { readonly type: 'symlink'; readonly target: string })
  | (CpioItemBase & DeviceNumber & { readonly type: 'character-device' | 'block-device' })
  /** Another name for a file of the same archive, which has all else. */
  | { readonly type: 'hard-link'; readonly path: string; readonly target: string }

const typeBits: Readonly<Record<Exclude<CpioType, 'unknown'>, number>> = {
  fifo: 0o010000,
  'character-device': 0o020000,
  directory: 0o040000,
  'block-device': 0o060000,
  file: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
}
const typeByBits = new Map(Object.entries(typeBits).map(([type, bits]) => [bits, type as CpioType]))

export function modeOf(type: Exclude<CpioType, 'unknown'>, permissions: number): number {
  return typeBits[type] | (permissions & 0o7777)
}

export function typeOfMode(mode: number): CpioType {
  return typeByBits.get(mode & 0o170000) ?? 'unknown'
}

export function isDevice(type: CpioType): type is 'character-device' | 'block-device' {
  return type === 'character-device' || type === 'block-device'
}

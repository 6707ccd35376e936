import { collect, openChecked, paddingTo, type ByteSource } from '../byte-source.ts'
import type { CpioItem } from './entry.ts'
import { addToChecksum, encodeHeader, headerSize, trailerName } from './header.ts'
import { planEntries, type PlannedEntry } from './plan.ts'

export interface CpioWriteOptions {
  /** `crc` adds a checksum to each file; streamed content is then read twice. @default 'newc' */
  readonly format?: 'newc' | 'crc'
  /** For entries that have none of their own, in seconds since 1970. @default 0 */
  readonly mtime?: number
  /** NUL bytes after the trailer bring the archive to a multiple of this: 4 or 512. @default 4 */
  readonly alignment?: 4 | 512
}

/**
 * A cpio archive of the given items: sorted, with all parents, and the same bytes for the same items.
 * Its size is known at once; content is read only while the archive is.
 *
 * Throws HilErrors `cpio.*` for items an archive can't hold, and while streaming
 * `content.size-changed`.
 */
export function createCpio(items: Iterable<CpioItem>, options: CpioWriteOptions = {}): ByteSource {
  const { format = 'newc', mtime = 0, alignment = 4 } = options
  const entries = planEntries(items, mtime)
  const end = trailer(format)
  const bare = entries.reduce((sum, entry) => sum + entrySize(entry.path, entry.data.size), end.length)
  const tail = new Uint8Array(paddingTo(alignment, bare))
  return {
    size: bare + tail.length,
    open: async function* () {
      for (const entry of entries) yield* writeEntry(entry, format)
      yield Buffer.concat([end, tail])
    },
  }
}

/** The same, in memory. */
export async function packCpio(
  items: Iterable<CpioItem>,
  options: CpioWriteOptions = {},
): Promise<Uint8Array> {
  return collect(createCpio(items, options).open(), Infinity)
}

function entrySize(path: string, size: number): number {
  const head = headerSize + Buffer.byteLength(path) + 1
  return head + paddingTo(4, head) + size + paddingTo(4, size)
}

async function* writeEntry(entry: PlannedEntry, format: 'newc' | 'crc'): AsyncGenerator<Uint8Array> {
  const { data, path } = entry
  yield head(path, {
    ...entry,
    size: data.size,
    checksum: format === 'crc' ? await checksumOf(data, path) : undefined,
  })
  if (data.size === 0) return
  yield* openChecked(data, path)
  const padding = paddingTo(4, data.size)
  if (padding > 0) yield new Uint8Array(padding)
}

async function checksumOf(data: ByteSource, path: string): Promise<number> {
  let sum = 0
  for await (const chunk of openChecked(data, path)) sum = addToChecksum(sum, chunk)
  return sum
}

type HeadFields = Omit<Parameters<typeof encodeHeader>[0], 'nameSize' | 'device'>

function head(path: string, fields: HeadFields): Buffer {
  const name = Buffer.from(path)
  const header = encodeHeader({ ...fields, device: { major: 0, minor: 0 }, nameSize: name.length + 1 })
  return Buffer.concat([header, name, new Uint8Array(1 + paddingTo(4, headerSize + name.length + 1))])
}

/** GNU cpio wants the trailer to have the magic of the other entries. */
function trailer(format: 'newc' | 'crc'): Buffer {
  return head(trailerName, {
    ino: 0,
    mode: 0,
    uid: 0,
    gid: 0,
    nlink: 1,
    mtime: 0,
    size: 0,
    deviceNode: { major: 0, minor: 0 },
    checksum: format === 'crc' ? 0 : undefined,
  })
}

import { paddingTo } from '../byte-source.ts'
import { ChunkReader } from './chunk-reader.ts'
import type { CpioEntryHead } from './entry.ts'
import { addToChecksum, decodeHeader, headerSize, trailerName } from './header.ts'
import { decodeName } from './path.ts'
import { checkNameSize, checkSum, describeEntry, truncated } from './read.ts'

/** One entry of a stream. Its data can be read once, and only until the next entry is asked for. */
export interface CpioStreamEntry extends CpioEntryHead {
  readonly data: AsyncIterable<Uint8Array>
}

/**
 * The entries of one archive that arrives in pieces, up to its trailer. Holds one header, one name
 * and one chunk in memory, however large the files are; data that nobody reads are skipped.
 * Throws the same errors as `readCpio`.
 */
export async function* readCpioStream(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CpioStreamEntry, void> {
  const reader = new ChunkReader(chunks, (offset, needed, available) =>
    truncated(available === 0 ? 'header' : 'entry', offset, needed, available),
  )
  try {
    for (;;) {
      const head = await readHead(reader)
      const data = head.type === 'symlink' ? undefined : streamData(reader, head)
      if (head.path === trailerName) return await drain(data)
      const end = reader.offset + (data === undefined ? 0 : head.size)
      const own = data ?? emptyStream()
      yield { ...head, data: own }
      await own.return(undefined)
      await reader.skip(end - reader.offset)
      await reader.skip(paddingTo(4, reader.offset))
    }
  } finally {
    await reader.close()
  }
}

async function readHead(reader: ChunkReader): Promise<CpioEntryHead> {
  const offset = reader.offset
  const header = decodeHeader(await reader.take(headerSize), offset)
  checkNameSize(header, offset)
  const head = describeEntry(header, await reader.take(header.nameSize), offset)
  await reader.skip(paddingTo(4, reader.offset))
  if (head.type !== 'symlink') return head
  return { ...head, linkTarget: decodeName(await reader.take(header.size)) }
}

async function* streamData(reader: ChunkReader, head: CpioEntryHead): AsyncGenerator<Uint8Array, void> {
  let left = head.size
  let sum = 0
  while (left > 0) {
    const chunk = await reader.some(left)
    left -= chunk.length
    if (head.checksum !== undefined) sum = addToChecksum(sum, chunk)
    yield chunk
  }
  if (head.checksum !== undefined && head.type === 'file') checkSum(head, sum)
}

/** A trailer has no data, but a damaged one may say so: to be refused as in memory. */
async function drain(data: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const _ of data ?? []) continue
}

// eslint-disable-next-line @typescript-eslint/require-await -- stands for data that are not there
async function* emptyStream(): AsyncGenerator<Uint8Array, void> {
  return
}

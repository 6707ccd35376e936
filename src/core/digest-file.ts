import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { crc32 } from 'node:zlib'

export interface FileDigest {
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** IEEE 802.3, as U-Boot's and barebox's `crc32` print it. */
  readonly crc32: number
}

/** Size and checksums of a file, read once. @param signal stops the reading */
export async function digestFile(path: string, signal?: AbortSignal): Promise<FileDigest> {
  const hash = createHash('sha256')
  let size = 0
  let crc = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    const bytes = chunk as Buffer
    hash.update(bytes)
    crc = crc32(bytes, crc)
    size += bytes.length
  }
  return { size, sha256: hash.digest('hex'), crc32: crc }
}

import { crc32, inflateRaw, type Inflate, type ZlibOptions } from 'node:zlib'
import type { Decompressed } from './decompress.ts'
import { damaged, tooLarge } from './errors.ts'

const headerSize = 10
const trailerSize = 8
const flag = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10 }

/**
 * Unpacks the one gzip member (RFC 1952) at the start of `input` and says where it ends. Node's own
 * gunzip joins what follows to it or drops it; the kernel looks at what follows.
 */
export async function gunzipMember(input: Uint8Array, limit: number): Promise<Decompressed> {
  const start = bodyStart(input)
  const { data, consumed } = await inflate(input.subarray(start), limit)
  const end = start + consumed
  if (input.length < end + trailerSize) throw damaged('gzip', new Error('it ends before its checksum'))
  const trailer = new DataView(input.buffer, input.byteOffset + end, trailerSize)
  if (trailer.getUint32(0, true) !== crc32(data))
    throw damaged('gzip', new Error('the checksum does not match'))
  if (trailer.getUint32(4, true) !== data.length % 2 ** 32)
    throw damaged('gzip', new Error('the length does not match'))
  return { data, consumed: end + trailerSize }
}

function bodyStart(input: Uint8Array): number {
  const flags = input[3] ?? 0
  if (input.length < headerSize || input[2] !== 8)
    throw damaged('gzip', new Error('its header is not that of gzip'))
  let at = headerSize
  if (flags & flag.extra) at += 2 + (input[at] ?? 0) + ((input[at + 1] ?? 0) << 8)
  if (flags & flag.name) at = afterNul(input, at)
  if (flags & flag.comment) at = afterNul(input, at)
  if (flags & flag.headerCrc) at += 2
  if (at > input.length) throw damaged('gzip', new Error('it ends within its header'))
  return at
}

function afterNul(input: Uint8Array, from: number): number {
  const end = input.indexOf(0, from)
  return end === -1 ? input.length + 1 : end + 1
}

/** With `info` zlib also gives the engine, which knows how much of the input it used. */
interface InflateInfo {
  readonly buffer: Buffer
  readonly engine: Inflate
}

function inflate(input: Uint8Array, limit: number): Promise<Decompressed> {
  const options: ZlibOptions = { info: true, maxOutputLength: Math.max(1, limit) }
  return new Promise((resolve, reject) => {
    inflateRaw(input, options, (error, result) => {
      if (error === null) {
        const { buffer, engine } = result as unknown as InflateInfo
        resolve({ data: buffer, consumed: engine.bytesWritten })
      } else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        reject(tooLarge('gzip', limit))
      else reject(damaged('gzip', error))
    })
  })
}

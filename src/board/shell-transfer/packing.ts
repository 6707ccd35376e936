import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

/** As it goes over the line. */
export interface Wire {
  readonly bytes: Uint8Array
  readonly isPacked: boolean
}

/** Packing that saves less than this is not worth what it costs the board. */
const worthwhile = 0.95

/** In a thread of its own: all boards' consoles are read in this one. */
export async function pack(content: Uint8Array, canUnpack: boolean): Promise<Wire> {
  if (!canUnpack) return { bytes: content, isPacked: false }
  const packed = await promisify(gzip)(content, { level: 9 })
  return isWorthwhile(packed.length, content.length)
    ? { bytes: packed, isPacked: true }
    : { bytes: content, isPacked: false }
}

export function isWorthwhile(packed: number, size: number): boolean {
  return packed < size * worthwhile
}

export const unpack: (bytes: Uint8Array) => Promise<Uint8Array> = promisify(gunzip)

import { createHash } from 'node:crypto'
import { HilError } from '../../core/errors.ts'

/** A part of an image that holds something. In bytes. */
export interface MappedRange {
  readonly start: number
  readonly length: number
  /** SHA-256 of it, in hex, where the map has one. */
  readonly sha256: string | undefined
}

export interface BlockMap {
  readonly imageSize: number
  readonly ranges: readonly MappedRange[]
}

/**
 * Reads a block map of bmaptool, versions 1.2 to 2.0 (bmap-tools, "bmap file format").
 * @throws HilError `storage.image` (payload)
 */
export function parseBmap(text: string, file: string): BlockMap {
  const xml = text.replaceAll(/<!--[^]*?-->/g, '')
  const version = /<bmap\s+version="(\d+)\.\d+"/.exec(xml)?.[1]
  if (version !== '1' && version !== '2') throw unusable(file, `it is of version ${version ?? 'none'}`)
  assertChecksum(text, xml, file)
  const number = (name: string) => {
    const value = Number(new RegExp(`<${name}>\\s*(\\d+)\\s*</${name}>`).exec(xml)?.[1])
    return Number.isSafeInteger(value) ? value : fail(file, `it has no ${name}`)
  }
  const imageSize = number('ImageSize')
  const blockSize = number('BlockSize')
  const isSha256 = /<ChecksumType>\s*sha256\s*</.test(xml)
  const ranges = [
    ...xml.matchAll(/<Range(?:\s+(?:chksum|sha1)="([0-9a-f]+)")?\s*>\s*(\d+)(?:\s*-\s*(\d+))?\s*</g),
  ].map(([, sum, first = '', last = first]) => {
    const start = Number(first) * blockSize
    const end = Math.min((Number(last) + 1) * blockSize, imageSize)
    if (start >= end) return fail(file, `its range ${first}-${last} is outside of the image`)
    return { start, length: end - start, sha256: isSha256 ? sum : undefined }
  })
  return { imageSize, ranges }
}

/** The map's own checksum is that of its text with zeros in the place of the checksum. */
function assertChecksum(text: string, xml: string, file: string): void {
  const sum = /<BmapFileChecksum>\s*([0-9a-f]{64})\s*</.exec(xml)?.[1]
  if (sum === undefined) return
  const actual = createHash('sha256')
    .update(text.replace(sum, '0'.repeat(64)))
    .digest('hex')
  if (actual !== sum) throw unusable(file, 'it is damaged: its checksum is another')
}

function fail(file: string, why: string): never {
  throw unusable(file, why)
}

function unusable(file: string, why: string): HilError {
  return new HilError('storage.image', `the block map ${file} can't be used: ${why}`, {
    blame: 'payload',
    details: { file },
  })
}

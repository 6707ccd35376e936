import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'

export interface DiskPiece {
  /** Where it belongs, in bytes. */
  readonly at: number
  readonly bytes: Uint8Array
}

/** In bytes. */
export interface DiskPart {
  readonly start: number
  readonly length: number
}

/** A disk that an image is written to: of this machine, or of another one. */
export interface Disk {
  /** As messages call it: `/dev/sda`, `/dev/sda on lab1`. */
  readonly device: string
  /** In bytes. */
  readonly size: number
  /** Writes the pieces, which come in order, and waits until the medium has them. */
  write(pieces: AsyncIterable<DiskPiece>, t: Deadline): Promise<void>
  /** SHA-256 of what the medium itself has: past caches, which would only say what was sent. */
  hashes(parts: readonly DiskPart[], t: Deadline): Promise<readonly string[]>
}

/** Pages that are read whole. */
const alignment = 4096

/** How dd reads past the cache. */
export const direct = 'iflag=direct,skip_bytes,count_bytes,fullblock'

/** How much is read for a part of a disk. */
export function wholePages({ start, length }: DiskPart): number {
  return Math.ceil((start + length) / alignment) * alignment - start
}

/** @param isRight whether somebody has to give us a right that we lack */
export function notWritten(device: string, why: string, isRight: boolean, cause?: unknown): HilError {
  return new HilError('storage.write', `${device} can't be written: ${why}`, {
    blame: isRight ? 'environment' : 'infrastructure',
    details: { device },
    cause,
  })
}

export function notRead(device: string, said: string): HilError {
  return new HilError('storage.read', `${device} can't be read back: ${said}`, {
    blame: 'infrastructure',
    details: { device, said },
  })
}

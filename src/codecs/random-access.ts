import { payloadError } from './payload-error.ts'

/** A file, or a buffer, of which parts are read by position. */
export interface RandomAccess {
  readonly size: number
  /** Exactly `length` bytes from `offset`. Rejects when they are not there. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Memory as random access; what is read are views. */
export function randomAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: (offset, length) =>
      offset + length <= bytes.length
        ? Promise.resolve(bytes.subarray(offset, offset + length))
        : Promise.reject(
            payloadError(
              'content.truncated',
              `${length} bytes at offset ${offset} were asked for, but the content ends at ${bytes.length}`,
              { offset, length, size: bytes.length },
            ),
          ),
  }
}

/** A part of a file as random access of its own. */
export function slice(source: RandomAccess, start: number, size: number): RandomAccess {
  return { size, read: (offset, length) => source.read(start + offset, length) }
}

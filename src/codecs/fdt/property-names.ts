import { fdtError } from './errors.ts'

/**
 * Names may be parts of each other: a damaged block of a megabyte, each byte of it referred to, would be half a
 * terabyte of names. Real trees have some kilobytes.
 */
const maximumDecoded = 16 << 20

/** The names in a strings block, decoded once each: a tree has few names and many properties. */
export class PropertyNames {
  readonly #strings: Uint8Array
  readonly #decoded = new Map<number, string>()
  #length = 0

  constructor(strings: Uint8Array) {
    this.#strings = strings
  }

  /** @param reference where in the file the name is referred to, for the error */
  at(offset: number, reference: number): string {
    return this.#decoded.get(offset) ?? this.#decode(offset, reference)
  }

  #decode(offset: number, reference: number): string {
    const end = offset < this.#strings.length ? this.#strings.indexOf(0, offset) : -1
    if (end === -1 || end === offset) {
      const what = end === -1 ? 'that is outside of its strings block or does not end there' : 'that is empty'
      throw fdtError('structure', reference, `has a property name (${offset}) ${what}`, {
        nameOffset: offset,
      })
    }
    this.#length += end - offset
    if (this.#length > maximumDecoded) {
      throw fdtError('structure', reference, `has more than ${maximumDecoded} bytes of property names`)
    }
    const name = Buffer.from(this.#strings.buffer, this.#strings.byteOffset + offset, end - offset).toString(
      'latin1',
    )
    this.#decoded.set(offset, name)
    return name
  }
}

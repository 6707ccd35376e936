import { paddingTo, toByteSource, type ByteSource, type Content } from '../byte-source.ts'

/** Bytes at hand, or the value of a property that is read when the tree is. */
export type Piece = Uint8Array | { readonly name: string; readonly source: ByteSource }

const token = { beginNode: 1, endNode: 2, property: 3, end: 9 }
/** Longer values are not copied. */
const copyLimit = 4096

/** Writes the tokens of a structure block; large values stay pieces of their own. */
export class StructWriter {
  size = 0
  readonly #pieces: Piece[] = []
  #buffer = Buffer.allocUnsafe(8192)
  #used = 0

  beginNode(name: string): void {
    this.#word(token.beginNode)
    this.#bytes(Buffer.from(`${name}\0`, 'latin1'))
  }

  endNode(): void {
    this.#word(token.endNode)
  }

  property(name: string, nameOffset: number, value: Content): void {
    const source = typeof value === 'string' ? Buffer.from(value) : value
    this.#word(token.property)
    this.#word(source instanceof Uint8Array ? source.length : source.size)
    this.#word(nameOffset)
    if (source instanceof Uint8Array && source.length <= copyLimit) this.#bytes(source)
    else this.#large(name, source)
  }

  /** The end token, and all that was written. */
  finish(): readonly Piece[] {
    this.#word(token.end)
    this.#flush()
    return this.#pieces
  }

  #large(name: string, value: Uint8Array | ByteSource): void {
    this.#flush()
    const source = toByteSource(value)
    this.#pieces.push(value instanceof Uint8Array ? value : { name, source })
    this.size += source.size
    this.#bytes(new Uint8Array(paddingTo(4, source.size)))
  }

  #word(value: number): void {
    this.#reserve(4)
    this.#used = this.#buffer.writeUInt32BE(value, this.#used)
    this.size += 4
  }

  /** Bytes, and the NULs that bring them to a multiple of four. */
  #bytes(bytes: Uint8Array): void {
    const padding = paddingTo(4, this.size + bytes.length)
    this.#reserve(bytes.length + padding)
    this.#buffer.set(bytes, this.#used)
    this.#buffer.fill(0, this.#used + bytes.length, this.#used + bytes.length + padding)
    this.#used += bytes.length + padding
    this.size += bytes.length + padding
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#buffer.length) return
    this.#flush()
    this.#buffer = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, length))
  }

  #flush(): void {
    if (this.#used > 0) this.#pieces.push(this.#buffer.subarray(0, this.#used))
    this.#buffer = this.#buffer.subarray(this.#used)
    this.#used = 0
  }
}

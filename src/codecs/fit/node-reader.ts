import { HilError } from '../../core/errors.ts'
import type { FdtNode, FdtPlace } from '../fdt/index.ts'
import { toNumber, toText, toTexts } from '../fdt/index.ts'
import { fitError } from './errors.ts'

/** Reads the properties of one node of a FIT; a wrong one is a `fit.malformed` that names the node. */
export class NodeReader {
  readonly #path: string
  readonly #node: FdtNode<FdtPlace>

  constructor(path: string, node: FdtNode<FdtPlace>) {
    this.#path = path
    this.#node = node
  }

  text(name: string): string | undefined {
    return this.#read(name, (value) => toText(value, name))
  }

  texts(name: string): string[] {
    return this.#read(name, (value) => (value.length === 0 ? [] : toTexts(value, name))) ?? []
  }

  bigint(name: string): bigint | undefined {
    return this.#read(name, (value) => toNumber(value, name))
  }

  /** A size, an offset or a time. */
  number(name: string): number | undefined {
    const value = this.bigint(name)
    return value === undefined ? undefined : Number(value)
  }

  bytes(name: string): Uint8Array | undefined {
    return this.#read(name, (value) => value)
  }

  place(name: string): FdtPlace | undefined {
    return this.#node.properties.get(name)
  }

  /** The children whose name begins so: `hash-1`, `hash@1`, `signature-1`. */
  children(prefix: string): [name: string, reader: NodeReader][] {
    return [...this.#node.children]
      .filter(
        ([name]) => name === prefix || (/^[-@]/.test(name.slice(prefix.length)) && name.startsWith(prefix)),
      )
      .map(([name, node]) => [name, new NodeReader(`${this.#path}/${name}`, node)])
  }

  #read<T>(name: string, read: (value: Uint8Array) => T): T | undefined {
    const place = this.#node.properties.get(name)
    if (place === undefined) return undefined
    try {
      if (place.bytes === undefined) throw new Error(`the property "${name}" has ${place.length} bytes`)
      return read(place.bytes)
    } catch (error) {
      const why = error instanceof HilError || error instanceof Error ? error.message : String(error)
      throw fitError(
        'malformed',
        `the FIT is malformed at ${this.#path}: ${why}`,
        { path: this.#path, property: name },
        error,
      )
    }
  }
}

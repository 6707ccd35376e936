import { fdtError } from './errors.ts'
import type { Block } from './layout.ts'
import { PropertyNames } from './property-names.ts'

/** What is told while a structure block is read from its start to its end. */
export interface StructureVisitor {
  beginNode(name: string, offset: number): void
  /** @param bytes the value, or undefined when it is longer than what is read along */
  property(name: string, offset: number, length: number, bytes: Uint8Array | undefined): void
  endNode(): void
  /** Whether reading ends where the root's own properties do. */
  readonly rootOnly: boolean
}

/** Bytes of the file that are at hand. */
export interface Window {
  readonly start: number
  readonly bytes: Uint8Array
}

/** The bytes that are needed next: from `offset` on, at least `length` of them. */
export interface WindowRequest {
  readonly offset: number
  readonly length: number
}

const token = { beginNode: 1, endNode: 2, property: 3, nop: 4, end: 9 }
/** As in the kernel (FDT_MAX_DEPTH). */
const maximumDepth = 64
/** The format has no limit; real names have some tens of bytes. */
const maximumName = 4096

/**
 * Reads a structure block and checks it: tokens, nesting, names, lengths. It reads nothing itself but
 * says which bytes it needs, so memory and large files are read by the same code, and values that
 * nobody wants are never read at all. Faults are thrown as `fdt.structure`, with their offset.
 */
export class StructureScanner {
  readonly #names: PropertyNames
  readonly #visitor: StructureVisitor
  readonly #inlineLimit: number
  readonly #end: number
  /** For each open node whether it had a child: no property may follow one. */
  readonly #sawChild: boolean[] = []
  #rootSeen = false
  #done = false
  #at: number
  #start = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)

  /** @param inlineLimit values of more bytes are passed over, unless they are at hand anyway */
  constructor({ offset, size }: Block, strings: Uint8Array, visitor: StructureVisitor, inlineLimit: number) {
    this.#names = new PropertyNames(strings)
    this.#visitor = visitor
    this.#inlineLimit = inlineLimit
    this.#at = offset
    this.#end = offset + size
  }

  /** Goes on with the given bytes. Returns which it needs then, or undefined at the end. */
  scan({ start, bytes }: Window): WindowRequest | undefined {
    this.#start = start
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let missing: WindowRequest | undefined; !this.#done;) {
      missing = this.#token()
      if (missing !== undefined) return missing
    }
    return undefined
  }

  #token(): WindowRequest | undefined {
    if (this.#end - this.#at < 4) {
      throw fdtError('structure', this.#at, 'is cut off: its structure block has no end token')
    }
    if (!this.#has(this.#at, 4)) return { offset: this.#at, length: 4 }
    const kind = this.#word(this.#at)
    if (kind === token.property) return this.#property()
    if (kind === token.beginNode) return this.#beginNode()
    if (kind === token.endNode) this.#endNode()
    else if (kind === token.end) this.#finish()
    else if (kind === token.nop) this.#at += 4
    else
      throw fdtError('structure', this.#at, `has the unknown token 0x${kind.toString(16)}`, { token: kind })
    return undefined
  }

  #property(): WindowRequest | undefined {
    const at = this.#at
    const value = at + 12
    if (value > this.#end) throw fdtError('structure', at, 'is cut off within a property')
    if (!this.#has(at, 12)) return { offset: at, length: 12 }
    const length = this.#word(at + 4)
    const name = this.#names.at(this.#word(at + 8), at + 8)
    const { length: depth } = this.#sawChild
    if (depth === 0) throw fdtError('structure', at, `has the property ${name} outside of any node`, { name })
    if (this.#sawChild[depth - 1] === true) {
      throw fdtError('structure', at, `has the property ${name} after a child node`, { name })
    }
    const left = this.#end - value
    if (length > left) {
      throw fdtError(
        'structure',
        at,
        `is cut off: the property ${name} has ${length} bytes, ${left} are left`,
        { name, length },
      )
    }
    const here = this.#has(value, length)
    if (!here && length <= this.#inlineLimit) return { offset: at, length: 12 + length }
    const from = value - this.#start
    this.#visitor.property(name, value, length, here ? this.#bytes.subarray(from, from + length) : undefined)
    this.#at = align(value + length)
    return undefined
  }

  #beginNode(): WindowRequest | undefined {
    const from = this.#at + 4
    const most = Math.min(maximumName, this.#end - from)
    const nul = this.#bytes.indexOf(0, from - this.#start)
    if (nul === -1 && !this.#has(from, most)) return { offset: this.#at, length: 4 + most }
    const length = nul === -1 ? Infinity : this.#start + nul - from
    if (length >= most)
      throw fdtError('structure', from, `has a node name that does not end within ${most} bytes`)
    const name = Buffer.from(
      this.#bytes.buffer,
      this.#bytes.byteOffset + from - this.#start,
      length,
    ).toString('latin1')
    const { length: depth } = this.#sawChild
    this.#checkNodeName(name, from, depth)
    if (depth === 1 && this.#visitor.rootOnly) {
      this.#done = true
      return undefined
    }
    if (depth >= maximumDepth)
      throw fdtError('structure', from, `is nested deeper than ${maximumDepth} nodes`, { name })
    if (depth > 0) this.#sawChild[depth - 1] = true
    this.#sawChild.push(false)
    this.#rootSeen = true
    this.#visitor.beginNode(name, this.#at)
    this.#at = align(from + length + 1)
    return undefined
  }

  #endNode(): void {
    if (this.#sawChild.pop() === undefined)
      throw fdtError('structure', this.#at, 'ends a node that was never begun')
    this.#visitor.endNode()
    this.#done = this.#visitor.rootOnly
    this.#at += 4
  }

  #finish(): void {
    const left = this.#end - (this.#at + 4)
    const fault =
      this.#sawChild.length > 0
        ? `ends while ${this.#sawChild.length} of its nodes are open`
        : !this.#rootSeen
          ? 'has no root node'
          : left > 0
            ? `has ${left} bytes behind the end token of its structure block`
            : undefined
    if (fault !== undefined) throw fdtError('structure', this.#at, fault)
    this.#done = true
  }

  #checkNodeName(name: string, offset: number, depth: number): void {
    const fault =
      depth === 0 && this.#rootSeen
        ? 'has a second root node'
        : depth === 0 && name !== ''
          ? `has the root node name ${JSON.stringify(name)}, which must be empty`
          : depth > 0 && name === ''
            ? 'has a node without a name'
            : name.includes('/')
              ? `has "/" in the node name ${JSON.stringify(name)}`
              : undefined
    if (fault !== undefined) throw fdtError('structure', offset, fault, { name })
  }

  #has(offset: number, length: number): boolean {
    return offset >= this.#start && offset + length <= this.#start + this.#bytes.length
  }

  #word(offset: number): number {
    return this.#view.getUint32(offset - this.#start)
  }
}

function align(offset: number): number {
  return offset + (-offset & 3)
}

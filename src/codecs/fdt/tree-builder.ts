import { fdtError } from './errors.ts'
import type { StructureVisitor } from './scan.ts'
import type { FdtNode } from './tree.ts'

interface BuiltNode<V> {
  readonly name: string
  readonly properties: Map<string, V>
  readonly children: Map<string, BuiltNode<V>>
}

export type ToValue<V> = (offset: number, length: number, bytes: Uint8Array | undefined) => V

/** Makes a tree of what is told while scanning. Duplicates are refused: readers differ in which of them wins. */
export class TreeBuilder<V> implements StructureVisitor {
  readonly rootOnly: boolean
  readonly #toValue: ToValue<V>
  readonly #open: BuiltNode<V>[] = []
  #root: BuiltNode<V> | undefined

  constructor(toValue: ToValue<V>, { rootOnly = false }: { readonly rootOnly?: boolean } = {}) {
    this.#toValue = toValue
    this.rootOnly = rootOnly
  }

  get root(): FdtNode<V> {
    return this.#root ?? { name: '', properties: new Map(), children: new Map() }
  }

  beginNode(name: string, offset: number): void {
    const node: BuiltNode<V> = { name, properties: new Map(), children: new Map() }
    const parent = this.#open.at(-1)
    if (parent === undefined) this.#root = node
    else if (parent.children.has(name)) {
      throw fdtError('structure', offset, `has the node ${JSON.stringify(name)} twice in one place`, { name })
    } else parent.children.set(name, node)
    this.#open.push(node)
  }

  property(name: string, offset: number, length: number, bytes: Uint8Array | undefined): void {
    const properties = this.#open.at(-1)?.properties
    if (properties?.has(name) === true) {
      throw fdtError('structure', offset - 12, `has the property ${JSON.stringify(name)} twice in one node`, {
        name,
      })
    }
    properties?.set(name, this.#toValue(offset, length, bytes))
  }

  endNode(): void {
    this.#open.pop()
  }
}

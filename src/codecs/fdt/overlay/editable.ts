import type { FdtNode } from '../tree.ts'

/** A copy of a tree's nodes that may be changed. Values are shared: they are replaced, never written to. */
export interface EditableNode extends FdtNode {
  readonly name: string
  readonly properties: Map<string, Uint8Array>
  readonly children: Map<string, EditableNode>
}

export function copyNode({ name, properties, children }: FdtNode): EditableNode {
  const copies = [...children].map(([key, child]): [string, EditableNode] => [key, copyNode(child)])
  return { name, properties: new Map(properties), children: new Map(copies) }
}

function newNode(name: string): EditableNode {
  return { name, properties: new Map(), children: new Map() }
}

/** The child of that name, made when it is missing. */
export function ensureChild(parent: EditableNode, name: string): EditableNode {
  const child = parent.children.get(name) ?? newNode(name)
  parent.children.set(name, child)
  return child
}

export function nodeAt(root: EditableNode, path: string): EditableNode | undefined {
  const names = path.split('/').filter((name) => name !== '')
  return names.reduce<EditableNode | undefined>((node, name) => node?.children.get(name), root)
}

/** A value with one cell changed. */
export function withCell(value: Uint8Array, offset: number, cell: number): Uint8Array {
  const copy = Buffer.from(value)
  copy.writeUInt32BE(cell, offset)
  return copy
}

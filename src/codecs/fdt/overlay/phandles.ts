import { overlayError } from './errors.ts'
import { withCell, type EditableNode } from './editable.ts'

const phandleNames = ['phandle', 'linux,phandle']
/** 0 and all ones are no phandles. */
const maximumPhandle = 0xfffffffe

export function phandleOf({ properties }: EditableNode): number | undefined {
  for (const name of phandleNames) {
    const value = properties.get(name)
    if (value?.length === 4) return Buffer.from(value.buffer, value.byteOffset, 4).readUInt32BE()
  }
  return undefined
}

function* everyNode(root: EditableNode, path = ''): Generator<[path: string, node: EditableNode]> {
  yield [path === '' ? '/' : path, root]
  for (const [name, child] of root.children) yield* everyNode(child, `${path}/${name}`)
}

export function maximumOf(root: EditableNode): number {
  let most = 0
  for (const [, node] of everyNode(root)) most = Math.max(most, phandleOf(node) ?? 0)
  return most
}

export function indexPhandles(root: EditableNode): Map<number, [path: string, node: EditableNode]> {
  const index = new Map<number, [string, EditableNode]>()
  for (const [path, node] of everyNode(root)) {
    const phandle = phandleOf(node)
    if (phandle !== undefined) index.set(phandle, [path, node])
  }
  return index
}

/**
 * Moves the overlay's own phandles behind those of the base, and its references to them, which
 * `__local_fixups__` lists by node, property and offset.
 */
export function shiftPhandles(overlay: EditableNode, delta: number): void {
  for (const [path, node] of everyNode(overlay)) {
    const phandle = phandleOf(node)
    if (phandle === undefined) continue
    if (phandle === 0 || phandle + delta > maximumPhandle) {
      throw overlayError(
        'phandle',
        `the overlay's node ${path} has the phandle ${phandle}, which can't be moved by ${delta}`,
        { path, phandle },
      )
    }
    setPhandle(node, phandle + delta)
  }
  forEachLocalReference(overlay, (phandle) => phandle + delta)
}

export function setPhandle({ properties }: EditableNode, phandle: number): void {
  for (const name of phandleNames) {
    const value = properties.get(name)
    if (value?.length === 4) properties.set(name, withCell(value, 0, phandle))
  }
}

/** Replaces each reference that the overlay makes to a node of its own. */
export function forEachLocalReference(overlay: EditableNode, replace: (phandle: number) => number): void {
  const fixups = overlay.children.get('__local_fixups__')
  if (fixups !== undefined) replaceReferences(fixups, overlay, '/', replace)
}

function replaceReferences(
  fixups: EditableNode,
  node: EditableNode,
  path: string,
  replace: (phandle: number) => number,
): void {
  for (const [name, offsets] of fixups.properties) {
    let value = node.properties.get(name)
    const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.length)
    for (let at = 0; at < offsets.length; at += 4) {
      const offset = at + 4 <= offsets.length ? view.getUint32(at) : Infinity
      if (value === undefined || offset + 4 > value.length) throw badLocalFixup(path, name)
      const cell = new DataView(value.buffer, value.byteOffset, value.length).getUint32(offset)
      value = withCell(value, offset, replace(cell) >>> 0)
    }
    if (value !== undefined) node.properties.set(name, value)
  }
  for (const [name, child] of fixups.children) {
    const target = node.children.get(name)
    if (target === undefined) throw badLocalFixup(`${path}${name}`, '')
    replaceReferences(child, target, `${path}${name}/`, replace)
  }
}

function badLocalFixup(path: string, property: string) {
  return overlayError(
    'fixup',
    `the overlay's __local_fixups__ name ${path} ${property}, and there is no such reference in it`,
    { path, property },
  )
}

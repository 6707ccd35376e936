import { fromText, toText, toTexts } from '../values.ts'
import { ensureChild, nodeAt, withCell, type EditableNode } from './editable.ts'
import { overlayError } from './errors.ts'
import { phandleOf } from './phandles.ts'

/** Puts the phandles of the base's labelled nodes where the overlay refers to their labels (`__fixups__`). */
export function resolveLabels(base: EditableNode, overlay: EditableNode): void {
  const fixups = overlay.children.get('__fixups__')?.properties ?? new Map<string, Uint8Array>()
  for (const [label, value] of fixups) {
    const phandle = phandleOfLabel(base, label)
    for (const place of toTexts(value, label)) setReference(overlay, label, place, phandle)
  }
}

function phandleOfLabel(base: EditableNode, label: string): number {
  const symbols = base.children.get('__symbols__')
  if (symbols === undefined) {
    throw overlayError(
      'symbol',
      `the overlay refers to the label ${label}, but the device tree has no __symbols__: build it with \`dtc -@\` (DTC_FLAGS=-@)`,
      { label },
    )
  }
  const value = symbols.properties.get(label)
  if (value === undefined) {
    throw overlayError(
      'symbol',
      `the overlay refers to the label ${label}, which the device tree does not have`,
      { label },
    )
  }
  const path = toText(value, label)
  const target = nodeAt(base, path)
  const phandle = target === undefined ? undefined : phandleOf(target)
  if (phandle === undefined) {
    const fault = target === undefined ? 'is not there' : 'has no phandle'
    throw overlayError('symbol', `the label ${label} stands for ${path}, which ${fault}`, { label, path })
  }
  return phandle
}

/** @param place `path:property:offset` */
function setReference(overlay: EditableNode, label: string, place: string, phandle: number): void {
  const [path, property, offset, ...more] = place.split(':')
  const node = path === undefined ? undefined : nodeAt(overlay, path)
  const value = property === undefined ? undefined : node?.properties.get(property)
  const at = /^\d+$/.test(offset ?? '') ? Number(offset) : Infinity
  if (
    node === undefined ||
    property === undefined ||
    value === undefined ||
    at + 4 > value.length ||
    more.length > 0
  ) {
    throw overlayError(
      'fixup',
      `the overlay wants ${label} at ${JSON.stringify(place)}, which is no place in it`,
      { label, place },
    )
  }
  node.properties.set(property, withCell(value, at, phandle))
}

/** Adds the overlay's own labels to the base's, their paths changed to where their nodes went. */
export function addSymbols(
  base: EditableNode,
  overlay: EditableNode,
  targets: ReadonlyMap<string, string>,
): void {
  const symbols = overlay.children.get('__symbols__')?.properties ?? new Map<string, Uint8Array>()
  for (const [label, value] of symbols) {
    const match = /^\/([^/]+)\/__overlay__(\/.*)?$/.exec(toText(value, label))
    // Labels outside of a fragment's content, such as one on the fragment, stand for nothing in the base.
    const target = match?.[1] === undefined ? undefined : targets.get(match[1])
    if (target === undefined) continue
    const rest = match?.[2] ?? ''
    const path = target === '/' ? rest || '/' : target + rest
    ensureChild(base, '__symbols__').properties.set(label, fromText(path))
  }
}

import type { Fdt } from '../tree.ts'
import { toCells, toText } from '../values.ts'
import { copyNode, ensureChild, nodeAt, type EditableNode } from './editable.ts'
import { overlayError } from './errors.ts'
import {
  forEachLocalReference,
  indexPhandles,
  maximumOf,
  phandleOf,
  setPhandle,
  shiftPhandles,
} from './phandles.ts'
import { addSymbols, resolveLabels } from './symbols.ts'

/**
 * The tree that results when an overlay (a `.dtbo`) is applied, as libfdt, U-Boot and barebox do it.
 * Neither argument is changed. Throws HilErrors `fdt.overlay-*`.
 */
export function applyOverlay(base: Fdt, overlay: Fdt): Fdt {
  const root = copyNode(base.root)
  const patch = copyNode(overlay.root)
  shiftPhandles(patch, maximumOf(root))
  resolveLabels(root, patch)
  const fragments = findFragments(root, patch)
  keepBasePhandles(patch, fragments)
  for (const { content, target } of fragments) merge(target, content)
  addSymbols(root, patch, new Map(fragments.map(({ name, path }) => [name, path])))
  return { ...base, root }
}

interface Fragment {
  readonly name: string
  readonly content: EditableNode
  readonly target: EditableNode
  readonly path: string
}

function findFragments(root: EditableNode, patch: EditableNode): Fragment[] {
  const byPhandle = indexPhandles(root)
  const fragments = [...patch.children].flatMap(([name, fragment]) => {
    const content = fragment.children.get('__overlay__')
    if (content === undefined) return []
    const [path, target] = findTarget(root, byPhandle, name, fragment)
    return [{ name, content, target, path }]
  })
  if (fragments.length > 0) return fragments
  throw overlayError('empty', 'this is no overlay: none of its nodes has an __overlay__ to apply')
}

function findTarget(
  root: EditableNode,
  byPhandle: ReadonlyMap<number, [string, EditableNode]>,
  name: string,
  { properties }: EditableNode,
): [path: string, node: EditableNode] {
  const [target, targetPath] = [properties.get('target'), properties.get('target-path')]
  if (target !== undefined) {
    const phandle = toCells(target, 'target')[0] ?? 0
    const found = byPhandle.get(phandle)
    if (found !== undefined) return found
    throw overlayError(
      'target',
      `the overlay's ${name} changes the node with phandle ${phandle}, which is not in the device tree`,
      { fragment: name, phandle },
    )
  }
  if (targetPath === undefined) {
    throw overlayError(
      'target',
      `the overlay's ${name} does not say what it changes: it has neither target nor target-path`,
      { fragment: name },
    )
  }
  const path = toText(targetPath, 'target-path')
  const node = nodeAt(root, path)
  if (node !== undefined) return [path, node]
  throw overlayError('target', `the overlay's ${name} changes ${path}, which is not in the device tree`, {
    fragment: name,
    path,
  })
}

/**
 * A node that has a phandle in base and overlay keeps the one of the base, to which the base refers;
 * what the overlay refers to is changed with it.
 */
function keepBasePhandles(patch: EditableNode, fragments: readonly Fragment[]): void {
  const renamed = new Map<number, number>()
  for (const { content, target } of fragments) collectRenamed(content, target, renamed)
  if (renamed.size === 0) return
  forEachLocalReference(patch, (phandle) => renamed.get(phandle) ?? phandle)
}

function collectRenamed(content: EditableNode, target: EditableNode, renamed: Map<number, number>): void {
  const [own, kept] = [phandleOf(content), phandleOf(target)]
  if (own !== undefined && kept !== undefined) {
    renamed.set(own, kept)
    setPhandle(content, kept)
  }
  for (const [name, child] of content.children) {
    const counterpart = target.children.get(name)
    if (counterpart !== undefined) collectRenamed(child, counterpart, renamed)
  }
}

function merge(target: EditableNode, content: EditableNode): void {
  for (const [name, value] of content.properties) target.properties.set(name, value)
  for (const [name, child] of content.children) merge(ensureChild(target, name), child)
}

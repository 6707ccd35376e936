import { mapEntries, type Entry, type MapNode, type Node } from '../source/node.ts'
import { textNode } from './build.ts'
import type { LabgridContext } from './context.ts'
import { readText } from './text.ts'

/** Of the file's options these are labgrid's own. */
const ownOptions = ['coordinator_address', 'crossbar_url', 'crossbar_realm']

/** The options of a target, which specs may ask for, over those of the file. */
export function translateOptions(
  own: Node | undefined,
  ofFile: ReadonlyMap<string, Entry>,
  context: LabgridContext,
): Node | undefined {
  const entries = new Map([...ofFile].filter(([key]) => !ownOptions.includes(key)))
  if (own?.kind === 'map') for (const [key, entry] of own.entries) entries.set(key, entry)
  const [first] = entries.values()
  if (first === undefined) return undefined
  const place = own?.place ?? first.key
  return resolve({ kind: 'map', place, entries }, context)
}

/** What is nothing is left out: of ours it would take out what is inherited. */
function resolve(node: Node, context: LabgridContext): Node {
  switch (node.kind) {
    case 'map':
      return mapEntries(withoutNothing(node), (value) => resolve(value, context))
    case 'list':
      return { ...node, items: node.items.map((item) => resolve(item, context)) }
    case 'scalar': {
      if (typeof node.value !== 'string') return node
      const text = readText(node, context)
      return text === undefined ? { ...node, unknown: true } : textNode(text)
    }
  }
}

function withoutNothing(map: MapNode): MapNode {
  const entries = [...map.entries].filter(([, { value }]) => value.kind !== 'scalar' || value.value !== null)
  return { ...map, entries: new Map(entries) }
}

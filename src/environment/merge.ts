import { mapEntries, type Entry, type MapNode, type Node } from './node.ts'
import type { ProblemList } from './problems.ts'

/**
 * Lays one node over another: maps merge key by key and deeply, anything else replaces. A map that
 * chooses another `driver` replaces too: the options of the old one are none of the new one.
 */
export function merge(base: MapNode, over: MapNode): MapNode {
  if (chooseDifferently(base, over)) return over
  const entries = new Map<string, Entry>(base.entries)
  for (const [key, entry] of over.entries) {
    const below = entries.get(key)
    entries.set(key, below === undefined ? entry : { ...entry, value: mergeValues(below.value, entry.value) })
  }
  return { ...over, entries }
}

function mergeValues(base: Node, over: Node): Node {
  return base.kind === 'map' && over.kind === 'map' ? merge(base, over) : over
}

function chooseDifferently(base: MapNode, over: MapNode): boolean {
  const [before, after] = [driverOf(base), driverOf(over)]
  return before !== undefined && after !== undefined && before !== after
}

function driverOf(map: MapNode): unknown {
  const driver = map.entries.get('driver')?.value
  return driver?.kind === 'scalar' ? driver.value : undefined
}

/** After merging: an explicit `null` has taken out what was inherited; a value nobody wrote is a problem. */
export function dropNulls(node: Node, problems: ProblemList): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => dropNulls(item, problems)) }
  if (node.kind === 'scalar') return node
  for (const { key, written, value } of node.entries.values()) {
    if (value.kind === 'scalar' && value.empty === true) {
      problems.add(key, `"${written}" has no value; write null to take out what is inherited`)
    }
  }
  const kept = [...node.entries].filter(([, { value }]) => value.kind !== 'scalar' || value.value !== null)
  return mapEntries({ ...node, entries: new Map(kept) }, (value) => dropNulls(value, problems))
}

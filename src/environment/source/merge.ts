import { mapEntries, type Entry, type MapNode, type Node } from './node.ts'
import type { ProblemList } from '../problems/problems.ts'

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
  if (base.kind === 'map' && over.kind === 'map') return merge(base, over)
  return over.kind === 'scalar' && over.value === null ? { ...over, takesOut: true } : over
}

function chooseDifferently(base: MapNode, over: MapNode): boolean {
  const [before, after] = [driverOf(base), driverOf(over)]
  return before !== undefined && after !== undefined && before !== after
}

function driverOf(map: MapNode): unknown {
  const driver = map.entries.get('driver')?.value
  return driver?.kind === 'scalar' ? driver.value : undefined
}

/** After merging: takes out what is `null`. A `null` that nobody meant, or that met nothing, is a problem. */
export function dropNulls(node: Node, problems: ProblemList): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => dropNulls(item, problems)) }
  if (node.kind === 'scalar') return node
  const entries = [...node.entries].filter(([, entry]) => !isNull(entry, problems))
  return mapEntries({ ...node, entries: new Map(entries) }, (value) => dropNulls(value, problems))
}

function isNull({ key, written, value }: Entry, problems: ProblemList): boolean {
  if (value.kind !== 'scalar' || value.value !== null) return false
  if (value.empty === true) {
    problems.add(key, `"${written}" has no value; write null to take out what is inherited`)
  } else if (value.takesOut !== true) {
    problems.addAbsence(key, `"${written}" is null, but nothing is inherited that it could take out`)
  }
  return true
}

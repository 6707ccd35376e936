import type { Place } from './source.ts'

export type ScalarValue = string | number | boolean | null

/**
 * What a file says, with the place of everything in it: keys, values, list items. Files, defaults
 * and templates are merged as nodes, so that a problem found at the end still knows its origin.
 */
export type Node = ScalarNode | MapNode | ListNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly place: Place
  readonly value: ScalarValue
  /** A number or boolean as the file has it: `0x40`, `1e3`. */
  readonly written?: string
  /** Nothing was written at all (`key:` and no more), which is `null` but rarely meant. */
  readonly empty?: boolean
  /** A `null` that met something inherited. */
  readonly takesOut?: boolean
  /** How else the text of a variable can be read: `"8080"` and 8080. What is expected decides. */
  readonly otherReading?: ScalarValue
  /** The text began with a variable, which people give relative to where they are. */
  readonly beginsWithVariable?: boolean
  /** What stands here is not known, because a variable is missing: nothing else is said about it. */
  readonly unknown?: boolean
  /** It has the tag `!template` of labgrid. */
  readonly isTemplate?: boolean
}

export interface MapNode {
  readonly kind: 'map'
  readonly place: Place
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  readonly key: Place
  /** The key as the file has it. */
  readonly written: string
  readonly value: Node
}

export interface ListNode {
  readonly kind: 'list'
  readonly place: Place
  readonly items: readonly Node[]
}

export type Path = readonly PropertyKey[]

export function emptyMap(place: Place): MapNode {
  return { kind: 'map', place, entries: new Map() }
}

export function withoutKeys(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.includes(key))) }
}

/** The plain value of a node. @param reread scalars to take in their other reading */
export function toValue(node: Node, reread: ReadonlySet<Node> = new Set()): unknown {
  switch (node.kind) {
    case 'scalar':
      return reread.has(node) ? node.otherReading : node.value
    case 'list':
      return node.items.map((item) => toValue(item, reread))
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toValue(value, reread)]))
  }
}

/** The node at a path, or `undefined` where the file has nothing. */
export function nodeAt(node: Node, [head, ...rest]: Path): Node | undefined {
  if (head === undefined) return node
  const child = childOf(node, head)
  return child === undefined ? undefined : nodeAt(child, rest)
}

function childOf(node: Node, key: PropertyKey): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(key))?.value
  if (node.kind === 'list') return node.items[Number(key)]
  return undefined
}

export function mapEntries(map: MapNode, change: (value: Node, key: string) => Node): MapNode {
  const entries = [...map.entries].map(
    ([key, entry]) => [key, { ...entry, value: change(entry.value, key) }] as const,
  )
  return { ...map, entries: new Map(entries) }
}

/** `"fast"`, `the number 3`, `a list`, `nothing`: what was given, for a sentence. */
export function describe(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map'
  if (node.value === null) return 'nothing'
  return typeof node.value === 'string' ? quote(node.value) : (node.written ?? String(node.value))
}

const longestQuote = 80

export function quote(text: string): string {
  const short = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text
  return JSON.stringify(short)
}

import { didYouMean } from '../../core/did-you-mean.ts'
import {
  describe,
  emptyMap,
  quote,
  type Entry,
  type MapNode,
  type Node,
  type ScalarNode,
} from '../source/node.ts'
import type { ProblemList } from '../problems/problems.ts'
import type { Place } from '../source/source.ts'

/** A resource or a driver of a target. */
export interface Item {
  /** `SerialDriver` */
  readonly className: string
  /** Of the class. */
  readonly place: Place
  /** By which another item binds it. */
  readonly name: string | undefined
  /** The same as the file has it, which of a RemotePlace is the place. */
  readonly nameNode: ScalarNode | undefined
  /** Names of what it binds, by what for: `{ port: foo }`. */
  readonly bindings: ReadonlyMap<string, string>
  readonly attributes: MapNode
}

/**
 * The resources or drivers of a target: a map by class, or where a class is there more than once, a list of such
 * maps, or of maps with the class as `cls`.
 */
export function readItems(entry: Entry | undefined, problems: ProblemList): readonly Item[] {
  if (entry === undefined) return []
  const { value, written } = entry
  if (value.kind === 'map') {
    return [...value.entries].flatMap(([name, item]) => readItem(name, item.key, item.value, problems) ?? [])
  }
  if (value.kind === 'list') return value.items.flatMap((item) => readListItem(item, problems) ?? [])
  if (value.value !== null) {
    problems.add(value.place, `${quote(written)} is ${describe(value)}; expected a map of classes, or a list`)
  }
  return []
}

function readListItem(item: Node, problems: ProblemList): Item | undefined {
  if (item.kind !== 'map') {
    problems.add(item.place, `${describe(item)} is no item of a list of classes; write "- ClassName: {}"`)
    return undefined
  }
  const named = item.entries.get('cls')?.value
  if (named?.kind === 'scalar') return readItem(String(named.value), named.place, item, problems)
  const [only, ...others] = item.entries
  if (only === undefined || others.length > 0) {
    const what = only === undefined ? 'is empty' : 'has several keys, and none is "cls"'
    problems.add(item.place, `this item ${what}; write "- ClassName: { ... }", or name the class as "cls"`)
    return undefined
  }
  const [name, { key, value }] = only
  if (value.kind === 'scalar' && value.value === null) {
    problems.add(key, `"${name}" has no value, which labgrid refuses in a list; write "- ${name}: {}"`)
    return undefined
  }
  return readItem(name, key, value, problems)
}

function readItem(className: string, place: Place, value: Node, problems: ProblemList): Item | undefined {
  const own = value.kind === 'scalar' && value.value === null ? emptyMap(place) : value
  if (own.kind !== 'map') {
    problems.add(own.place, `"${className}" is ${describe(own)}; expected its attributes as a map, or {}`)
    return undefined
  }
  const entries = new Map(own.entries)
  const [named, bound] = [entries.get('name'), entries.get('bindings')]
  for (const key of ['cls', 'name', 'bindings']) entries.delete(key)
  return {
    ...{ className, place, attributes: { ...own, entries } },
    ...(named?.value.kind === 'scalar'
      ? { name: String(named.value.value), nameNode: named.value }
      : { name: undefined, nameNode: undefined }),
    bindings: readBindings(bound?.value, problems),
  }
}

function readBindings(node: Node | undefined, problems: ProblemList): ReadonlyMap<string, string> {
  if (node === undefined) return new Map()
  if (node.kind !== 'map') {
    problems.add(node.place, `"bindings" is ${describe(node)}; expected a map of names`)
    return new Map()
  }
  return new Map(
    [...node.entries].flatMap(([key, { value }]) =>
      value.kind === 'scalar' ? [[key, String(value.value)] as const] : [],
    ),
  )
}

/** Says of a class that labgrid does not have either what it may be. */
export function unknownClass(
  kind: 'driver' | 'resource',
  { className }: Item,
  known: readonly string[],
): string {
  const python = 'what a module in Python adds by "imports" is not known here, for hil runs no Python'
  return `there is no ${kind} ${quote(className)} in labgrid; ${python}${didYouMean(className, known)}`
}

import type { Entry, ListNode, MapNode, Node, ScalarNode, ScalarValue } from '../source/node.ts'
import type { Place } from '../source/source.ts'
import type { Text } from './text.ts'

/** Builds what our environments would say, at the places of what labgrid's says. */
export function scalar(place: Place, value: ScalarValue): ScalarNode {
  return { kind: 'scalar', place, value }
}

export function textNode({ place, written }: Text): ScalarNode {
  return scalar(place, written)
}

export function listOf(place: Place, items: readonly Node[]): ListNode {
  return { kind: 'list', place, items }
}

/** What is `undefined` is left out. */
export function mapOf(place: Place, values: Readonly<Record<string, Node | undefined>>): MapNode {
  const entries = Object.entries(values).flatMap(([key, value]): [string, Entry][] =>
    value === undefined ? [] : [[key, { key: value.place, written: key, value }]],
  )
  return { kind: 'map', place, entries: new Map(entries) }
}

/** A driver with its options, at the place of the class that it stands for. */
export function driverNode(
  place: Place,
  driver: string,
  options: Readonly<Record<string, Node | undefined>> = {},
): MapNode {
  return mapOf(place, { driver: scalar(place, driver), ...options })
}

import { basename } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { interpolate, type Scope } from './interpolate.ts'
import { describe, quote, type Entry, type MapNode, type Node } from './node.ts'
import { locate, type Place } from './source.ts'

/** A board, as far as its values go. */
export interface Named {
  readonly name: string
  readonly key: Place
  /** Its `with`. */
  readonly given: Entry | undefined
}

/** Gives `${board.*}` and all other variables in a board their values. */
export function fillIn(board: MapNode, named: Named, scope: Scope): Node {
  const values = valuesOf(named, scope)
  const used = new Set(['name'])
  const onMissing = (name: string, usedAt: Place): void => {
    const user = `${basename(usedAt.source.file)}:${locate(usedAt).line}`
    const hint = didYouMean(name, values.keys()) || '; add it under "with"'
    scope.problems.addAbsence(
      named.given?.key ?? named.key,
      `the board ${quote(named.name)} gives no ${quote(name)}, which ${user} asks for${hint}`,
    )
  }
  const filled = interpolate(board, { ...scope, board: { values, used, onMissing } })
  for (const [name, place] of unused(named, used)) {
    scope.problems.addAbsence(
      place,
      `nothing uses "${name}": there is no \${board.${name}} in what holds for this board`,
    )
  }
  return filled
}

function valuesOf({ name, key, given }: Named, scope: Scope): ReadonlyMap<string, Node> {
  const own: Node = { kind: 'scalar', place: key, value: name }
  const values = new Map<string, Node>([['name', own]])
  if (given === undefined) return values
  if (given.value.kind !== 'map') {
    scope.problems.add(given.value.place, `"with" is ${describe(given.value)}; expected a map`)
    return values
  }
  const onMissing = (value: string, place: Place): void =>
    scope.problems.add(place, `\${board.${value}} is not known here: "with" can use \${board.name} only`)
  const inner = { ...scope, board: { values: new Map(values), used: new Set<string>(), onMissing } }
  for (const [value, entry] of given.value.entries) values.set(value, valueOf(entry, inner))
  return values
}

function valueOf({ key, written, value }: Entry, scope: Scope): Node {
  if (value.kind !== 'scalar' || value.value !== null) return interpolate(value, scope)
  scope.problems.add(key, `"${written}" has no value`)
  return { ...value, value: '', unknown: true }
}

function unused({ given }: Named, used: ReadonlySet<string>): [name: string, place: Place][] {
  if (given?.value.kind !== 'map') return []
  return [...given.value.entries].flatMap(([name, { key }]) => (used.has(name) ? [] : [[name, key]]))
}

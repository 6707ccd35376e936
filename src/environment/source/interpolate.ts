import { parse } from 'yaml'
import { didYouMean } from '../../core/did-you-mean.ts'
import { describe, mapEntries, quote, type Node, type ScalarNode, type ScalarValue } from './node.ts'
import type { ProblemList } from '../problems/problems.ts'
import { BadReference, parseReferences, type Reference, type Segment } from './references.ts'
import type { Place } from './source.ts'

/** Where `${...}` gets its values from. */
export interface Scope {
  /** Of the process, `HIL_CACHE` included. */
  readonly variables: Variables
  readonly problems: ProblemList
  /** The names of process variables that were looked at are added. */
  readonly seen: Set<string>
  /** What `${board.*}` stands for; `undefined` outside of boards. */
  readonly board?: BoardValues
}

export type Variables = Readonly<Record<string, string | undefined>>

export interface BoardValues {
  readonly values: ReadonlyMap<string, Node>
  /** The names that were asked for are added. */
  readonly used: Set<string>
  /** Called for a value the board does not give. */
  readonly onMissing: (name: string, usedAt: Place) => void
}

/** Replaces `${VAR}`, `${VAR:-default}` and `${board.value}` in all texts below a node. */
export function interpolate(node: Node, scope: Scope): Node {
  switch (node.kind) {
    case 'map':
      return mapEntries(node, (value) => interpolate(value, scope))
    case 'list':
      return { ...node, items: node.items.map((item) => interpolate(item, scope)) }
    case 'scalar':
      return typeof node.value === 'string' && node.value.includes('$')
        ? interpolateText(node, node.value, scope)
        : node
  }
}

function interpolateText(node: ScalarNode, text: string, scope: Scope): Node {
  try {
    const segments = parseReferences(text)
    const result = evaluate(segments, (at) => placeWithin(node, text, at), scope)
    if (result === undefined) return { ...node, unknown: true }
    if ('node' in result) return result.node
    const whole = segments.length === 1 && typeof segments[0] !== 'string'
    return {
      ...node,
      value: result.text,
      beginsWithVariable: result.beginsWithVariable,
      ...(whole ? otherReadingOf(result.text) : {}),
    }
  } catch (error) {
    if (!(error instanceof BadReference)) throw error
    scope.problems.add(placeWithin(node, text, error.at), `${error.message}; a dollar for itself is "$$"`)
    return { ...node, unknown: true }
  }
}

/** What segments amount to; `undefined` where something is missing, which was reported. */
type Value = { readonly text: string; readonly beginsWithVariable: boolean } | { readonly node: Node }

type PlaceAt = (at: number) => Place

function evaluate(segments: readonly Segment[], placeAt: PlaceAt, scope: Scope): Value | undefined {
  const values = segments.map((segment) =>
    typeof segment === 'string'
      ? { text: segment, beginsWithVariable: false }
      : resolve(segment, placeAt, scope),
  )
  if (values.length === 1) return values[0]
  const texts = values.map((value, index) =>
    value !== undefined && 'node' in value ? embedded(value.node, segments[index], placeAt, scope) : value,
  )
  if (texts.includes(undefined)) return undefined
  const text = texts.map((part) => part?.text).join('')
  return { text, beginsWithVariable: texts[0]?.beginsWithVariable ?? false }
}

/** A value of the board in the middle of a text. */
function embedded(node: Node, segment: Segment | undefined, placeAt: PlaceAt, { problems }: Scope) {
  if (node.kind === 'scalar') {
    if (node.unknown === true) return undefined
    return { text: node.written ?? String(node.value), beginsWithVariable: false }
  }
  if (segment !== undefined && typeof segment !== 'string') {
    const message = `\${${segment.name}} is ${describe(node)}, which can't stand inside a text`
    problems.add(placeAt(segment.at), message)
  }
  return undefined
}

function resolve(reference: Reference, placeAt: PlaceAt, scope: Scope): Value | undefined {
  const { name, fallback, at } = reference
  const found = name.startsWith('board.')
    ? boardValue(name.slice('board.'.length), scope)
    : processValue(name, scope, fallback !== undefined)
  if (found !== undefined) return found
  if (fallback !== undefined) return evaluate(fallback, placeAt, scope) ?? undefined
  if (!name.startsWith('board.')) {
    const hint = didYouMean(name, Object.keys(scope.variables))
    scope.problems.add(
      placeAt(at),
      `the variable ${quote(name)} is not set; set it, or write \${${name}:-default}${hint}`,
    )
  } else if (scope.board === undefined) {
    scope.problems.add(placeAt(at), `\${${name}} has a value inside of boards only`)
  } else scope.board.onMissing(name.slice('board.'.length), placeAt(at))
  return undefined
}

function boardValue(name: string, { board }: Scope): Value | undefined {
  board?.used.add(name)
  const node = board?.values.get(name)
  return node === undefined ? undefined : { node }
}

/** As in a shell, `:-` stands in for an empty variable too. */
function processValue(name: string, { variables, seen }: Scope, hasFallback: boolean): Value | undefined {
  seen.add(name)
  const text = variables[name]
  if (text === undefined || (text === '' && hasFallback)) return undefined
  return { text, beginsWithVariable: true }
}

/** `8080` and `true` from a variable can be a text, and what YAML makes of them. */
function otherReadingOf(text: string): { otherReading: ScalarValue } | object {
  try {
    const reading: unknown = parse(text, { logLevel: 'silent' })
    return typeof reading === 'number' || typeof reading === 'boolean' ? { otherReading: reading } : {}
  } catch {
    return {}
  }
}

/** The place of the reference at index `at` of a scalar's text; quotes and escapes shift it in the file. */
function placeWithin({ place }: ScalarNode, text: string, at: number): Place {
  const ordinal = text.slice(0, at).split('${').length
  let offset = place.offset - 1
  for (let count = 0; count < ordinal; count++) {
    offset = place.source.text.indexOf('${', offset + 1)
    if (offset === -1) return place
  }
  return { ...place, offset }
}

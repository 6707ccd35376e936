import { basename } from 'node:path'
import { didYouMean } from '../core/did-you-mean.ts'
import { interpolate, type Scope } from './interpolate.ts'
import { dropNulls, merge } from './merge.ts'
import { describe, emptyMap, quote, withoutKeys, type Entry, type MapNode, type Node } from './node.ts'
import { locate, type Place } from './source.ts'

/** A board with everything that holds for it in one map, and the key that names it. */
export interface ExpandedBoard {
  readonly name: string
  readonly key: Place
  readonly node: MapNode
}

const rootKeys = ['boards', 'defaults', 'templates']

/** What holds for each board: `defaults`, over it its template filled with its values, over it its own keys. */
export function expandBoards(root: MapNode, scope: Scope): readonly ExpandedBoard[] {
  const { problems } = scope
  for (const [key, entry] of root.entries) {
    if (rootKeys.includes(key)) continue
    const known = ['extends', ...rootKeys]
    const hint = didYouMean(key, known)
    problems.add(
      entry.key,
      `unknown key ${quote(key)}${hint === '' ? `; known here: ${known.join(', ')}` : hint}`,
    )
  }
  const defaults = mapAt(root, 'defaults', scope)
  const templates = mapAt(root, 'templates', scope)
  const boards = mapAt(root, 'boards', scope)
  if (boards === undefined || boards.entries.size === 0) {
    problems.addAbsence(
      root.entries.get('boards')?.key ?? root.place,
      'no board is described; name one under "boards"',
    )
  }
  return [...(boards?.entries ?? [])].flatMap(([name, entry]) => {
    const node = expandBoard(name, entry, { defaults, templates, scope })
    return node === undefined ? [] : [{ name, key: entry.key, node }]
  })
}

function mapAt(map: MapNode, key: string, { problems }: Scope): MapNode | undefined {
  const value = map.entries.get(key)?.value
  if (value === undefined || value.kind === 'map' || (value.kind === 'scalar' && value.value === null)) {
    return value?.kind === 'map' ? value : undefined
  }
  problems.add(value.place, `${quote(key)} is ${describe(value)}; expected a map`)
  return undefined
}

interface Bases {
  readonly defaults: MapNode | undefined
  readonly templates: MapNode | undefined
  readonly scope: Scope
}

/** A name that is also good as part of a file's name. */
const boardName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

function expandBoard(name: string, entry: Entry, { defaults, templates, scope }: Bases): MapNode | undefined {
  const { problems } = scope
  if (!boardName.test(name)) {
    problems.add(entry.key, `${quote(name)} can't name a board; use letters, digits, ".", "_" and "-"`)
  }
  const given = entry.value
  const own = given.kind === 'scalar' && given.value === null ? emptyMap(entry.key) : given
  if (own.kind !== 'map') {
    problems.add(own.place, `the board ${quote(name)} is ${describe(own)}; expected a map`)
    return undefined
  }
  const template = findTemplate(own, templates, scope)
  if (template === 'unusable') return undefined
  const layers = [defaults, template, withoutKeys(own, ['template', 'with'])]
  const merged = layers.filter((layer) => layer !== undefined).reduce(merge)
  const node = fillIn(merged, name, entry, own, scope)
  return dropNulls(node, problems) as MapNode
}

function findTemplate(
  own: MapNode,
  templates: MapNode | undefined,
  scope: Scope,
): MapNode | 'unusable' | undefined {
  const named = own.entries.get('template')?.value
  if (named === undefined) return undefined
  const node = interpolate(named, scope)
  if (node.kind === 'scalar' && node.unknown === true) return 'unusable'
  const name = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  const template = name === undefined ? undefined : templates?.entries.get(name)?.value
  if (template?.kind === 'map') return template
  const known = [...(templates?.entries.keys() ?? [])]
  const choice = known.length === 0 ? '; there are none' : `; there are ${known.join(', ')}`
  if (name === undefined) {
    scope.problems.add(
      node.place,
      `"template" is ${describe(node)}; expected the name of a template${choice}`,
    )
  } else if (template === undefined) {
    const message = `there is no template ${quote(name)}${didYouMean(name, known) || choice}`
    scope.problems.addAbsence(node.place, message)
  } else
    scope.problems.add(template.place, `the template ${quote(name)} is ${describe(template)}; expected a map`)
  return 'unusable'
}

/** Gives `${board.*}` and all other variables their values. */
function fillIn(merged: MapNode, name: string, entry: Entry, own: MapNode, scope: Scope): Node {
  const { problems } = scope
  const nameNode: Node = { kind: 'scalar', place: entry.key, value: name }
  const values = new Map<string, Node>([['name', nameNode]])
  const given = mapAt(own, 'with', scope)
  const onMissing = (value: string, usedAt: Place): void => {
    const user = `${basename(usedAt.source.file)}:${locate(usedAt).line}`
    const hint = didYouMean(value, values.keys())
    problems.addAbsence(
      own.entries.get('with')?.key ?? entry.key,
      `the board ${quote(name)} gives no "${value}", which ${user} asks for${hint || `; add it under "with"`}`,
    )
  }
  const named = { ...scope, board: { values: new Map(values), used: new Set<string>(), onMissing } }
  for (const [key, { value }] of given?.entries ?? []) values.set(key, interpolate(value, named))
  const used = new Set<string>()
  const filled = interpolate(merged, { ...scope, board: { values, used, onMissing } })
  for (const [key, { key: place }] of given?.entries ?? []) {
    if (!used.has(key))
      problems.addAbsence(
        place,
        `nothing uses "${key}"; \${board.${key}} is not in what holds for this board`,
      )
  }
  return filled
}

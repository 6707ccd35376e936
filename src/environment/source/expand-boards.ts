import { fillIn } from './fill-in.ts'
import { findTemplate } from './find-template.ts'
import type { Scope } from './interpolate.ts'
import { dropNulls, merge } from './merge.ts'
import { describe, emptyMap, quote, withoutKeys, type Entry, type MapNode } from './node.ts'
import type { Place } from './source.ts'
import { unknownKey } from '../problems/unknown-key.ts'
import { boardSchema } from '../schema/board-schema.ts'

/** A board with everything that holds for it in one map, and the key that names it. */
export interface ExpandedBoard {
  readonly name: string
  readonly key: Place
  readonly node: MapNode
}

const rootKeys = ['extends', 'defaults', 'templates', 'boards']

/** What holds for each board: `defaults`, over it its template filled with its values, over it its own keys. */
export function expandBoards(root: MapNode, scope: Scope): readonly ExpandedBoard[] {
  const { problems } = scope
  for (const [key, entry] of root.entries) {
    if (rootKeys.includes(key)) continue
    problems.add(
      entry.key,
      Object.hasOwn(boardSchema.shape, key)
        ? `${quote(key)} belongs to a board: it stands below the board's name in "boards", or in "defaults" for all`
        : unknownKey(key, rootKeys),
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
  const node = fillIn(merged, { name, key: entry.key, given: own.entries.get('with') }, scope)
  return dropNulls(node, problems) as MapNode
}

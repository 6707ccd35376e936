import type { z } from 'zod'
import { pathOptions } from '../../board/option-types.ts'
import { mapEntries, quote, type Entry, type MapNode, type Node } from '../source/node.ts'
import { camelCase, kebabCase } from './option-names.ts'
import { absolutePath, type PathContext } from '../paths.ts'
import type { ProblemList } from '../problems/problems.ts'
import { childSchemas, fittingLayers, marksOf, objectKeys } from './schema-walk.ts'

type Schema = z.core.$ZodType

export interface AdaptContext extends PathContext {
  readonly problems: ProblemList
}

/**
 * Makes of what a file says what a schema takes: keys in the spelling of the schema (`off-time` may
 * be `offTime` there), and absolute paths where it asks for a path.
 * @param schemas those that may hold here; a union has several
 */
export function adaptOptions(node: Node, schemas: readonly Schema[], context: AdaptContext): Node {
  switch (node.kind) {
    case 'scalar': {
      const { value } = node
      if (typeof value !== 'string' || value === '' || !schemas.some((schema) => isPath(schema, value)))
        return node
      return { ...node, value: absolutePath(value, node, context) }
    }
    case 'list': {
      const items = node.items.map((item, index) => adaptOptions(item, childrenOf(schemas, index), context))
      return { ...node, items }
    }
    case 'map': {
      const fitting = schemas.flatMap((schema) => fittingLayers(schema, (key) => scalarAt(node, key)))
      return mapEntries(renameKeys(node, fitting, context), (value, key) =>
        adaptOptions(value, childrenOf(fitting, key), context),
      )
    }
  }
}

function isPath(schema: Schema, value: string): boolean {
  return marksOf(schema, pathOptions).some(({ except }) => except === undefined || !value.startsWith(except))
}

function scalarAt({ entries }: MapNode, key: string): unknown {
  const value = entries.get(key)?.value
  return value?.kind === 'scalar' ? value.value : undefined
}

function childrenOf(schemas: readonly Schema[], key: PropertyKey): readonly Schema[] {
  return schemas.flatMap((schema) => childSchemas(schema, key))
}

function renameKeys(map: MapNode, schemas: readonly Schema[], { problems }: AdaptContext): MapNode {
  const known = new Set(schemas.flatMap(objectKeys))
  const entries = new Map<string, Entry>()
  for (const [written, entry] of map.entries) {
    if (known.has(written) && kebabCase(written) !== written) {
      problems.add(entry.key, `unknown key ${quote(written)}; did you mean "${kebabCase(written)}"?`)
    } else {
      const renamed = camelCase(written)
      entries.set(known.has(written) || !known.has(renamed) ? written : renamed, entry)
    }
  }
  return { ...map, entries }
}

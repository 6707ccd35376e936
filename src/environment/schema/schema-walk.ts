import type { z } from 'zod'

type Schema = z.core.$ZodType

/**
 * The schemas that look at one value: `schema` itself, what it wraps (optional, default, pipe), and
 * the branches of a union.
 */
export function layersOf(schema: Schema): readonly Schema[] {
  return [schema, ...innerSchemas(schema).flatMap(layersOf)]
}

function innerSchemas(schema: Schema): readonly Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
      return [def.innerType]
    case 'pipe':
      return [def.in, def.out]
    case 'union':
      return def.options
    case 'intersection':
      return [def.left, def.right]
    case 'lazy':
      return [def.getter()]
    default:
      return []
  }
}

/** The schemas that may hold for the child `key` of a value that `schema` describes. */
export function childSchemas(schema: Schema, key: PropertyKey): readonly Schema[] {
  return layersOf(schema).flatMap((layer) => {
    const { def } = (layer as z.core.$ZodTypes)._zod
    switch (def.type) {
      case 'object': {
        const child = (def.shape as Record<PropertyKey, Schema>)[key] ?? def.catchall
        return child === undefined ? [] : [child]
      }
      case 'record':
        return [def.valueType]
      case 'array':
        // Beside a map in a union it says nothing about the keys of that.
        return typeof key === 'number' ? [def.element] : []
      case 'tuple': {
        const child = def.items[Number(key)] ?? def.rest
        return child === undefined || child === null ? [] : [child]
      }
      default:
        return []
    }
  })
}

/**
 * The schemas that can hold for a value with these scalars: of the branches of a union that are told apart by a
 * literal, only the one that was named.
 */
export function fittingLayers(schema: Schema, scalarAt: (key: string) => unknown): readonly Schema[] {
  return layersOf(schema).filter((layer) => {
    const { def } = (layer as z.core.$ZodTypes)._zod
    if (def.type === 'union') return false
    if (def.type !== 'object') return true
    return Object.entries(def.shape).every(([key, child]) => {
      const { def: own } = (child as z.core.$ZodTypes)._zod
      const value = own.type === 'literal' ? scalarAt(key) : undefined
      return value === undefined || own.type !== 'literal' || own.values.includes(value as string)
    })
  })
}

/** The schemas at a path below `schema`. */
export function schemasAt(schema: Schema, [head, ...rest]: readonly PropertyKey[]): readonly Schema[] {
  if (head === undefined) return [schema]
  return childSchemas(schema, head).flatMap((child) => schemasAt(child, rest))
}

/** The keys of the objects that `schema` describes, as the schema spells them. */
export function objectKeys(schema: Schema): readonly string[] {
  return layersOf(schema).flatMap((layer) => {
    const { def } = (layer as z.core.$ZodTypes)._zod
    return def.type === 'object' ? Object.keys(def.shape) : []
  })
}

/** The values that a schema of literals alone allows. */
export function literalsOf(schema: Schema): readonly z.core.util.Primitive[] {
  return layersOf(schema).flatMap((layer) => {
    const { def } = (layer as z.core.$ZodTypes)._zod
    return def.type === 'literal' ? def.values : []
  })
}

/** Whether a schema, or one it was made from by `.describe()` and the like, is in a registry. */
export function isMarked<Meta extends object>(schema: Schema, registry: z.core.$ZodRegistry<Meta>): boolean {
  return marksOf(schema, registry).length > 0
}

/** What a registry has of a schema, or of one it was made from. */
export function marksOf<Meta extends object>(
  schema: Schema,
  registry: z.core.$ZodRegistry<Meta>,
): readonly z.core.$replace<Meta, Schema>[] {
  return layersOf(schema)
    .map((layer) => registry.get(layer))
    .filter((mark) => mark !== undefined)
}

import { kebabCase } from './option-names.ts'
import { escapeReferences } from '../source/references.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** A text with `${...}` in it may stand for anything; `null` takes out what is inherited. */
export const variableDefinition: JsonSchema = {
  type: ['string', 'null'],
  pattern: '\\$\\{',
  patternErrorMessage: 'This is not a value that can stand here, and not a variable such as ${NAME} either.',
}

/**
 * Loosens a schema made from zod to what may be written in a file: nothing is required, since the
 * rest can be inherited; keys are in kebab-case; variables are taken everywhere, and `null` for keys.
 */
export function forEditors(schema: JsonSchema): JsonSchema {
  const { description, default: fallback, ...rest } = mapKeywords(schema)
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(saysSomething(fallback) ? { default: asWritten(fallback) } : {}),
  }
  return { ...about, ...(takesText(rest) ? rest : { anyOf: [rest, variable] }) }
}

function mapKeywords(schema: JsonSchema): JsonSchema {
  const mapped = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (keyword === 'properties') return [[keyword, mapProperties(value as JsonSchema)]]
    if (keyword === 'additionalProperties' || keyword === 'items') {
      return [[keyword, isSchema(value) ? forEditors(value) : value]]
    }
    if (keyword === 'propertyNames') return [[keyword, mapKeywords(value as JsonSchema)]]
    // With a variable in place of what tells the branches apart several of them match.
    if (keyword === 'oneOf' || keyword === 'anyOf')
      return [['anyOf', (value as JsonSchema[]).map(forEditors)]]
    return isNoise(keyword, value) ? [] : [[keyword, value]]
  })
  return Object.fromEntries(mapped)
}

const formatsOfZod = ['starts_with', 'ends_with', 'includes']

/** What zod adds that says nothing here: limits of what a number can hold, words of its own. */
function isNoise(keyword: string, value: unknown): boolean {
  if (keyword === 'format') return formatsOfZod.includes(String(value))
  const isLimit = typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER
  return isLimit || keyword === 'required' || keyword === '$schema' || keyword.startsWith('~')
}

function mapProperties(properties: JsonSchema): JsonSchema {
  const mapped = Object.entries(properties).map(([key, value]) => [
    kebabCase(key),
    orNull(forEditors(value as JsonSchema)),
  ])
  return Object.fromEntries(mapped) as JsonSchema
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}

function saysSomething(fallback: unknown): boolean {
  return fallback !== undefined && (typeof fallback !== 'object' || Object.keys(fallback ?? {}).length > 0)
}

/** What an editor inserts is read by hil, which would take `${` for a variable. */
function asWritten(fallback: unknown): unknown {
  return typeof fallback === 'string' ? escapeReferences(fallback) : fallback
}

const variable: JsonSchema = { $ref: '#/definitions/variable' }

/** Whether a text with a variable is accepted as it is, or could never stand here. */
function takesText(schema: JsonSchema): boolean {
  const types = typesOf(schema)
  const isLimited = ['enum', 'const', 'pattern', 'format'].some((keyword) => keyword in schema)
  if (types.length === 0) return !isLimited
  return types.includes('object') || types.includes('array') || (types.includes('string') && !isLimited)
}

function orNull(schema: JsonSchema): JsonSchema {
  const types = typesOf(schema)
  if (types.length > 0) return { ...schema, type: [...types, 'null'] }
  const branches = schema['anyOf']
  if (!Array.isArray(branches) || branches.includes(variable)) return schema
  return { ...schema, anyOf: [...(branches as JsonSchema[]), { type: 'null' }] }
}

function typesOf({ type }: JsonSchema): readonly string[] {
  if (typeof type === 'string') return [type]
  return Array.isArray(type) ? (type as string[]) : []
}

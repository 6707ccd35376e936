import type { z } from 'zod'
import { durationOptions, secretOptions } from '../../board/option-types.ts'
import { redacted } from '../../core/redaction.ts'
import { kebabCase } from '../schema/option-names.ts'
import { childSchemas, isMarked, objectKeys } from '../schema/schema-walk.ts'

type Schema = z.core.$ZodType

/**
 * Checked options as an environment spells them: kebab-case keys, durations with a unit. Text where a
 * reference to a secret could stand is masked.
 */
export function presentOptions(schema: Schema, options: unknown): unknown {
  return present([schema], options)
}

function present(schemas: readonly Schema[], value: unknown): unknown {
  if (typeof value === 'number' && schemas.some((schema) => isMarked(schema, durationOptions))) {
    return durationText(value)
  }
  if (typeof value === 'string' && schemas.some((schema) => isMarked(schema, secretOptions))) return redacted
  const children = (key: PropertyKey) => schemas.flatMap((schema) => childSchemas(schema, key))
  if (Array.isArray(value)) return value.map((item, index) => present(children(index), item))
  if (typeof value !== 'object' || value === null) return value
  const named = new Set(schemas.flatMap(objectKeys))
  const entries = Object.entries(value).map(([key, item]) => [
    named.has(key) ? kebabCase(key) : key,
    present(children(key), item),
  ])
  return Object.fromEntries(entries)
}

/** Milliseconds as `parseDuration` reads them again, exactly: `90s`, `2min`, `1500ms`. */
export function durationText(ms: number): string {
  if (ms > 0 && ms % 60_000 === 0) return `${ms / 60_000}min`
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}

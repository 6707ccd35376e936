import { z } from 'zod'
import { measurePattern, UnboundedPattern } from './pattern-bounds.ts'

/** A regular expression, written as text. */
export function patternOption(description: string) {
  return z
    .string()
    .min(1)
    .describe(`${description} A regular expression with bounded repeats ({0,80}, not * or +).`)
    .superRefine((source, context) => {
      const problem = problemOf(source)
      if (problem !== undefined) context.addIssue({ code: 'custom', message: `"${source}" ${problem}` })
    })
}

function problemOf(source: string): string | undefined {
  try {
    measurePattern(new RegExp(source))
    return undefined
  } catch (error) {
    return error instanceof UnboundedPattern ? error.message : `is no regular expression: ${String(error)}`
  }
}

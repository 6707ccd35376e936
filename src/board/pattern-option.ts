import { z } from 'zod'

/** A regular expression, written as text. */
export function patternOption(description: string) {
  return z
    .string()
    .min(1)
    .describe(`${description} A regular expression with bounded repeats ({0,80}, not * or +).`)
    .superRefine((source, context) => {
      try {
        new RegExp(source)
      } catch (error) {
        context.addIssue({
          code: 'custom',
          message: `"${source}" is no regular expression: ${String(error)}`,
        })
      }
    })
}

import { z } from 'zod'
import type { KernelRule } from '../environment.ts'

/** One thing that the kernel may say, in an environment or in a spec. */
export const kernelRuleSchema = z
  .strictObject({
    signature: z
      .string()
      .min(1)
      .describe('What the run called it: title or signature, in these words.')
      .optional(),
    pattern: z
      .string()
      .min(1)
      .describe('A regular expression that its title or signature matches.')
      .optional(),
    reason: z.string().min(1).describe('Why it is accepted.'),
    until: z.iso
      .date({
        error: ({ input }) =>
          input === undefined ? undefined : `${JSON.stringify(input)} is no date; write 2027-01-31`,
      })
      .describe('The last day on which it is.'),
  })
  .superRefine(({ signature, pattern, until }, context) => {
    if ((signature === undefined) === (pattern === undefined)) {
      context.addIssue({ code: 'custom', message: 'what is allowed is named by "signature" or by "pattern"' })
    }
    if (pattern !== undefined && !isRegExp(pattern)) {
      const message = `${JSON.stringify(pattern)} is no regular expression`
      context.addIssue({ code: 'custom', path: ['pattern'], message })
    }
    if (until < today()) {
      const message = `this was allowed until ${until} and is over: look whether it still comes, and take the rule out or give it a new date`
      context.addIssue({ code: 'custom', path: ['until'], message })
    }
  })

/** `kernel-log` of a board. */
export const kernelLogSchema = z
  .strictObject({
    allow: z
      .array(kernelRuleSchema)
      .describe('Complaints of the kernel that are known: they fail no test. A panic is never allowed.')
      .default([]),
  })
  .describe('What the kernel may say.')

type KernelLogOptions = z.output<typeof kernelLogSchema>

export function kernelRules({ allow }: KernelLogOptions): readonly KernelRule[] {
  return allow.map(toKernelRule)
}

/** @param rule one that the schema has accepted */
export function toKernelRule({
  signature,
  pattern,
  reason,
  until,
}: z.output<typeof kernelRuleSchema>): KernelRule {
  return { match: pattern === undefined ? (signature ?? '') : new RegExp(pattern), reason, until }
}

/** The rules as an environment spells them. */
export function presentKernelRules(rules: readonly KernelRule[]): object {
  return {
    allow: rules.map(({ match, reason, until }) => ({
      ...(typeof match === 'string' ? { signature: match } : { pattern: match.source }),
      reason,
      until,
    })),
  }
}

function isRegExp(pattern: string): boolean {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

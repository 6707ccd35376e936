import type { z } from 'zod'
import { adaptOptions, type AdaptContext } from './adapt-options.ts'
import { ownSentence } from '../problems/issue-sentences.ts'
import { nodeAt, toValue, type Node } from '../source/node.ts'
import { reportIssues, type Subject } from '../problems/report-issues.ts'

/**
 * Checks what a file says against a schema. Problems point at the key or value that is wrong.
 * @returns `undefined` when something is wrong, which was reported
 */
export function checkOptions<Schema extends z.ZodType>(
  subject: Subject & { readonly schema: Schema },
  context: AdaptContext,
): { readonly options: z.output<Schema> } | undefined {
  const root = adaptOptions(subject.root, [subject.schema], context)
  const result = parseEitherReading(subject.schema, root)
  if (result.success) return { options: result.data }
  reportIssues(result.error.issues, { ...subject, root }, context.problems)
  return undefined
}

/** The text of a variable is taken as the number or boolean it spells where text is not accepted. */
function parseEitherReading<Schema extends z.ZodType>(schema: Schema, node: Node) {
  const parse = (reread?: ReadonlySet<Node>) =>
    schema.safeParse(toValue(node, reread), { error: () => ownSentence })
  const first = parse()
  if (first.success) return first
  const refused = first.error.issues.flatMap(pathsOf).map((path) => nodeAt(node, path))
  const reread = refused.filter((one) => one?.kind === 'scalar' && one.otherReading !== undefined)
  return reread.length === 0 ? first : parse(new Set(reread as Node[]))
}

function pathsOf(issue: z.core.$ZodIssue): readonly PropertyKey[][] {
  const nested = issue.code === 'invalid_union' ? issue.errors.flat().flatMap(pathsOf) : []
  return [issue.path, ...nested.map((path) => [...issue.path, ...path])]
}

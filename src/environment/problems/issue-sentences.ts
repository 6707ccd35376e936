import type { z } from 'zod'
import { didYouMean } from '../../core/did-you-mean.ts'
import { describe, type Node } from '../source/node.ts'

type Issue = z.core.$ZodIssue

/** Stands for every message that zod would write itself, so that a driver's own can be told apart. */
export const ownSentence = '\0'

/** What is wrong with a value, to be put after its name: `is "fast"; expected a number`. */
export function complaintOf(issue: Issue, given: Node): string {
  const is = `is ${describe(given)}`
  switch (issue.code) {
    case 'too_small':
    case 'too_big':
      return sizeComplaint(issue, given)
    case 'invalid_value':
      return `${is}; ${expectedValues(issue.values)}${hintFor(given, issue.values)}`
    case 'invalid_union':
      return `${is}; expected ${unionExpectation(issue)}${hintFor(given, discriminatorsOf(issue))}`
    case 'invalid_type':
      return `${is}; expected ${expectation(issue)}${quotesHint(issue, given)}`
    case 'invalid_format':
    case 'not_multiple_of':
      return `${is}; expected ${expectation(issue)}`
    case 'invalid_key':
      return `is no name that can stand here; expected ${issue.issues.map(expectation).join(', ')}`
    default:
      return `${is}, which is not accepted`
  }
}

type SizeIssue = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig

function sizeComplaint(issue: SizeIssue, given: Node): string {
  const [limit, relation] =
    issue.code === 'too_small'
      ? [issue.minimum, issue.inclusive === false ? 'more than' : 'at least']
      : [issue.maximum, issue.inclusive === false ? 'less than' : 'at most']
  if (issue.origin === 'string' && given.kind === 'scalar' && given.value === '') return 'is empty'
  if (issue.origin === 'string') return `is ${describe(given)}; expected ${relation} ${limit} characters`
  if (given.kind === 'list') return `has ${given.items.length} items; expected ${relation} ${limit}`
  return `is ${describe(given)}; expected ${relation} ${limit}`
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.errors.length === 0) return oneOf(discriminatorsOf(issue)) || 'something else'
  const ways = issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectation(first)]))
  return [...new Set(ways)].join(' or ')
}

/** The values that choose a branch of a discriminated union. */
function discriminatorsOf(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.util.Primitive[] {
  return 'options' in issue ? (issue.options ?? []) : []
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected
    case 'invalid_value':
      return oneOf(issue.values)
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      if ('prefix' in issue) return `text that begins with "${String(issue.prefix)}"`
      return (
        formatNames[issue.format] ??
        (issue.pattern === undefined ? issue.format : `text that matches ${issue.pattern}`)
      )
    case 'invalid_union':
      return unionExpectation(issue)
    default:
      return 'something else'
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
}

const formatNames: Readonly<Record<string, string>> = {
  url: 'a URL',
  ipv4: 'an IPv4 address',
  email: 'a mail address',
}

export function expectedValues(values: readonly z.core.util.Primitive[]): string {
  return `expected ${oneOf(values)}`
}

function oneOf(values: readonly z.core.util.Primitive[]): string {
  const names = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)))
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`
}

function hintFor(given: Node, values: readonly z.core.util.Primitive[]): string {
  if (given.kind !== 'scalar' || typeof given.value !== 'string') return ''
  return didYouMean(
    given.value,
    values.filter((value) => typeof value === 'string'),
  )
}

function quotesHint({ expected }: z.core.$ZodIssueInvalidType, given: Node): string {
  const bare =
    given.kind === 'scalar' && (typeof given.value === 'number' || typeof given.value === 'boolean')
  return expected === 'string' && bare ? `; write "${describe(given)}" in quotes` : ''
}

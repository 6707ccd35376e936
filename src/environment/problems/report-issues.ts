import type { z } from 'zod'
import { secretOptions } from '../../board/option-types.ts'
import { complaintOf, expectedValues, ownSentence } from './issue-sentences.ts'
import { nodeAt, type Entry, type Node, type Path } from '../source/node.ts'
import { kebabCase } from '../schema/option-names.ts'
import type { ProblemList } from './problems.ts'
import { isMarked, layersOf, literalsOf, objectKeys, schemasAt } from '../schema/schema-walk.ts'
import type { Place } from '../source/source.ts'
import { unknownKey } from './unknown-key.ts'

type Issue = z.core.$ZodIssue

/** What was checked, and how to speak of it. */
export interface Subject {
  readonly schema: z.core.$ZodType
  readonly root: Node
  /** The key that holds `root`, and its name in sentences. */
  readonly key: Place
  readonly name: string
  /** Keys that are right at the root though the schema does not have them. */
  readonly alsoKnown?: readonly string[]
}

/** Turns what zod found into problems at their places. */
export function reportIssues(issues: readonly Issue[], subject: Subject, problems: ProblemList): void {
  const simple = issues.flatMap(simplify)
  const misspelt = simple.flatMap((issue) => reportUnknownKeys(issue, subject, problems))
  for (const issue of simple) {
    if (issue.code === 'unrecognized_keys') continue
    const node = nodeAt(subject.root, issue.path)
    if (node !== undefined) reportValue(issue, node, subject, problems)
    else if (!misspelt.includes(pathKey(issue.path))) reportMissing(issue, subject, problems)
  }
}

/** A union fails with the complaints of every branch: those of the branch that was meant are enough. */
function simplify(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const branches = issue.errors
    .filter((branch) => !branch.some(refusesKind))
    .map((branch) => branch.flatMap((one) => simplify({ ...one, path: [...issue.path, ...one.path] })))
    .sort((a, b) => a.length - b.length)
  return branches[0] ?? [issue]
}

function refusesKind({ path, code }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

/** @returns the paths of the keys that were probably meant */
function reportUnknownKeys(issue: Issue, subject: Subject, problems: ProblemList): string[] {
  const map = nodeAt(subject.root, issue.path)
  if (issue.code !== 'unrecognized_keys' || map?.kind !== 'map') return []
  const spelt = schemasAt(subject.schema, issue.path).flatMap(objectKeys)
  const elsewhere = issue.path.length === 0 ? (subject.alsoKnown ?? []) : []
  const known = [...new Set([...elsewhere, ...spelt.map(kebabCase)])]
  return issue.keys.flatMap((key) => {
    const entry = map.entries.get(key)
    if (entry === undefined) return []
    const message = unknownKey(entry.written, known)
    problems.add(entry.key, message)
    return spelt
      .filter((name) => message.endsWith(`did you mean "${kebabCase(name)}"?`))
      .map((name) => pathKey([...issue.path, name]))
  })
}

function pathKey(path: Path): string {
  return path.map(String).join('\0')
}

function reportValue(issue: Issue, node: Node, subject: Subject, problems: ProblemList): void {
  if (holdsUnknown(node)) return
  const schemas = schemasAt(subject.schema, issue.path)
  if (node.kind === 'scalar' && schemas.some((schema) => isMarked(schema, secretOptions))) {
    const name = nameOf(issue.path, subject)
    const reference = 'a reference: { env: NAME } or { file: PATH }'
    const takesUrl = schemas.flatMap(layersOf).some(({ _zod }) => _zod.def.type === 'string')
    problems.addSecret(
      node.place,
      takesUrl
        ? `${name} is no URL; expected one, or ${reference}`
        : `${name} is written out; expected ${reference}`,
    )
    return
  }
  const aboutKey = issue.code === 'invalid_key' || (issue.code === 'custom' && node.kind !== 'scalar')
  const isItem = typeof issue.path.at(-1) === 'number'
  const place = aboutKey && !isItem ? (entryAt(issue.path, subject)?.key ?? subject.key) : node.place
  const about = hasParts(issue) ? descriptionIn(schemas) : ''
  problems.add(place, sentence(issue, `${complaintOf(issue, node)}${about}`, subject))
}

/** Whether what is expected has parts, of which the name of its kind says nothing. */
function hasParts(issue: Issue): boolean {
  return (
    issue.code === 'invalid_union' ||
    (issue.code === 'invalid_type' && ['object', 'record', 'array'].includes(issue.expected))
  )
}

/** What a missing variable would have been can't be judged; that it is missing was said. */
function holdsUnknown(node: Node): boolean {
  if (node.kind === 'scalar') return node.unknown === true
  const children = node.kind === 'list' ? node.items : [...node.entries.values()].map(({ value }) => value)
  return children.some(holdsUnknown)
}

function reportMissing(issue: Issue, subject: Subject, problems: ProblemList): void {
  const holder = issue.path.slice(0, -1)
  const item = typeof holder.at(-1) === 'number' ? nodeAt(subject.root, holder) : undefined
  const place = entryAt(holder, subject)?.key ?? item?.place ?? subject.key
  const schemas = schemasAt(subject.schema, issue.path)
  const about = choicesOf(schemas) || descriptionIn(schemas)
  problems.addAbsence(place, sentence(issue, `is missing${about}`, subject))
}

/** What can stand there, where it tells the branches of a union apart. */
function choicesOf(schemas: readonly z.core.$ZodType[]): string {
  const values = schemas.map(literalsOf)
  return values.length < 2 || values.some(({ length }) => length === 0)
    ? ''
    : `; ${expectedValues(values.flat())}`
}

/** What an option is, in brackets. */
function descriptionIn(schemas: readonly z.core.$ZodType[]): string {
  const description = (schemas.flatMap(layersOf) as z.ZodType[])
    .map((layer) => layer.description)
    .find(Boolean)
  return description === undefined ? '' : ` (${description})`
}

/** A driver's own message is a sentence; ours is a verb with the name in front. */
function sentence({ message, path }: Issue, complaint: string, subject: Subject): string {
  const name = nameOf(path, subject)
  if (message === ownSentence) return `${name} ${complaint}`
  return message.includes(name) ? message : `${name}: ${message}`
}

/** The last key of a path as the file spells it, with the list indices behind it: `"bootargs[1]"`. */
function nameOf(path: Path, subject: Subject): string {
  const keyAt = path.findLastIndex((part) => typeof part === 'string')
  const key =
    keyAt === -1
      ? subject.name
      : (entryAt(path.slice(0, keyAt + 1), subject)?.written ?? kebabCase(String(path[keyAt])))
  const indices = path.slice(keyAt + 1).map((index) => `[${String(index)}]`)
  return `"${key}${indices.join('')}"`
}

function entryAt(path: Path, { root }: Subject): Entry | undefined {
  const parent = nodeAt(root, path.slice(0, -1))
  return path.length === 0 || parent?.kind !== 'map' ? undefined : parent.entries.get(String(path.at(-1)))
}

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { isLabgridEnvironment } from '../labgrid/recognise.ts'
import { quote, type Entry, type Node, type ScalarValue } from './node.ts'
import type { ProblemList } from '../problems/problems.ts'
import { locate, type Place, type Source } from './source.ts'
import { readableText } from './syntax-errors.ts'

const templateTag = '!template'
const labgridTags: readonly string[] = [templateTag, 'tag:yaml.org,2002:python/tuple']

/**
 * Reads YAML 1.2 into nodes that know their place. What can't be read is a problem, and the rest of
 * the file is read all the same.
 * @returns `undefined` for a file without content
 */
export function parseSource(source: Source, problems: ProblemList): Node | undefined {
  const text = readableText(source, problems)
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  const root =
    document.contents === null
      ? undefined
      : new NodeReader(source, document, problems).read(document.contents, 0)
  const known = root !== undefined && isLabgridEnvironment(root) ? labgridTags : []
  for (const { message, pos } of document.warnings) {
    if (known.some((tag) => message.endsWith(`: ${tag}`))) continue
    problems.add({ source, offset: pos[0] }, lowerFirst(message))
  }
  return root
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** Aliases of aliases can stand for more than any memory holds. */
const maximumNodes = 10_000

class NodeReader {
  readonly #source: Source
  readonly #document: Document
  readonly #problems: ProblemList
  /** What is being read now, from the root down: an alias to one of these would never end. */
  readonly #open: unknown[] = []
  #count = 0

  constructor(source: Source, document: Document, problems: ProblemList) {
    this.#source = source
    this.#document = document
    this.#problems = problems
  }

  /** @param offset where the value would stand, for a value that is not written */
  read(value: unknown, offset: number): Node {
    const range = (value as { range?: [number, number, number] | null } | null)?.range
    const place = { source: this.#source, offset: range?.[0] ?? offset }
    if (isAlias(value)) return this.#readAlias(value.resolve(this.#document), value.source, place)
    if (isMap(value))
      return { kind: 'map', place, entries: this.#nested(value, () => this.#readEntries(value)) }
    if (isSeq(value)) {
      const items = this.#nested(value, () => value.items.map((item) => this.read(item, place.offset)))
      return { kind: 'list', place, items }
    }
    if (isScalar(value)) return this.#readScalar(value, place)
    return { kind: 'scalar', place, value: null, empty: true }
  }

  #readScalar(scalar: Scalar, place: Place): Node {
    const value = scalar.value as ScalarValue
    const written = scalar.source ?? ''
    if (typeof value === 'string') {
      return { kind: 'scalar', place, value, ...(scalar.tag === templateTag && { isTemplate: true }) }
    }
    return { kind: 'scalar', place, value, ...(value === null ? { empty: written === '' } : { written }) }
  }

  #readAlias(target: unknown, name: string, place: Place): Node {
    if (target !== undefined && !this.#open.includes(target) && this.#count++ < maximumNodes) {
      return this.read(target, place.offset)
    }
    const reason = target === undefined ? 'refers to an anchor that is not set before it' : 'contains itself'
    this.#problems.add(
      place,
      `the alias "*${name}" ${this.#count > maximumNodes ? 'stands for too much' : reason}`,
    )
    return { kind: 'scalar', place, value: '', unknown: true }
  }

  #nested<T>(value: unknown, body: () => T): T {
    this.#open.push(value)
    const result = body()
    this.#open.pop()
    return result
  }

  #readEntries(map: YAMLMap): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>()
    for (const { key, value } of map.items) {
      const place = { source: this.#source, offset: rangeStart(key) ?? map.range?.[0] ?? 0 }
      const name = this.#keyName(key, place)
      if (name === undefined) continue
      const first = entries.get(name)
      if (first !== undefined) {
        const line = locate(first.key).line
        this.#problems.add(place, `the key ${quote(name)} is given twice, first in line ${line}`)
        continue
      }
      this.#count++
      entries.set(name, { key: place, written: name, value: this.read(value, place.offset) })
    }
    return entries
  }

  #keyName(key: unknown, place: Place): string | undefined {
    if (!isScalar(key)) {
      this.#problems.add(place, 'a key must be a word, not a list or a map')
      return undefined
    }
    if (key.source !== '<<') return String(key.value)
    this.#problems.add(place, 'merge keys ("<<") are not read here; use "defaults", "templates" or "extends"')
    return undefined
  }
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] | null } | null)?.range?.[0]
}

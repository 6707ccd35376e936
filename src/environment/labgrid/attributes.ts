import { didYouMean } from '../../core/did-you-mean.ts'
import { describe, quote, type Entry, type Node, type ScalarNode } from '../source/node.ts'
import type { Place } from '../source/source.ts'
import { listOf, scalar, textNode } from './build.ts'
import type { LabgridContext } from './context.ts'
import type { Item } from './items.ts'
import { readPath, readText, type Text } from './text.ts'

/**
 * The attributes of a resource or driver, read by those who know what they mean. What nobody asked for is a problem:
 * labgrid warns of it and drops it.
 */
export class Attributes {
  readonly item: Item
  readonly #context: LabgridContext
  readonly #asked = new Set<string>()

  constructor(item: Item, context: LabgridContext) {
    this.item = item
    this.#context = context
  }

  /** What the file has, `null` as if it had nothing. */
  entry(name: string): Entry | undefined {
    this.#asked.add(name)
    const entry = this.item.attributes.entries.get(name)
    return entry?.value.kind === 'scalar' && entry.value.value === null ? undefined : entry
  }

  /** @returns also `undefined` where it is no text, which was reported */
  text(name: string): Text | undefined {
    const node = this.#scalar(name, 'a text')
    return node && readText(node, this.#context)
  }

  /** A text that has to be there. */
  required(name: string): Text | undefined {
    if (this.entry(name) === undefined) {
      this.complain(undefined, `has no "${name}"`)
      return undefined
    }
    return this.text(name)
  }

  /** A text as a node of ours. */
  textNode(name: string): ScalarNode | undefined {
    const text = this.text(name)
    return text && textNode(text)
  }

  pathNode(name: string): ScalarNode | undefined {
    const node = this.#scalar(name, 'a path')
    const path = node && readPath(node, this.#context)
    return path && textNode(path)
  }

  /** A number, or a text with a variable that is one, as a node of ours. */
  numberNode(name: string): ScalarNode | undefined {
    const node = this.#scalar(name, 'a number')
    if (node === undefined) return undefined
    const text = readText(node, this.#context)
    if (text === undefined) return undefined
    if (!/^-?\d+(?:\.\d+)?(?:e-?\d+)?$/i.test(text.value)) {
      this.complain(name, `${quote(name)} is ${describe(node)}; expected a number`)
      return undefined
    }
    return node.isTemplate === true ? textNode(text) : scalar(node.place, Number(text.value))
  }

  number(name: string): number | undefined {
    const node = this.numberNode(name)
    return typeof node?.value === 'number' ? node.value : undefined
  }

  /** `true`, `yes` and `on` are one to labgrid, which reads YAML 1.1. */
  flag(name: string): boolean {
    const node = this.#scalar(name, 'true or false')
    if (node === undefined) return false
    const word = String(node.value).toLowerCase()
    if (!/^(?:true|yes|on|false|no|off)$/.test(word)) {
      this.complain(name, `${quote(name)} is ${describe(node)}; expected true or false`)
    }
    return /^(?:true|yes|on)$/.test(word)
  }

  /** A list of texts; a single one is a list of its letters to labgrid, and a mistake. */
  textList(name: string): Node | undefined {
    const entry = this.entry(name)
    if (entry === undefined) return undefined
    if (entry.value.kind !== 'list') {
      this.complain(name, `${quote(name)} is ${describe(entry.value)}; expected a list`)
      return undefined
    }
    const texts = entry.value.items.map((item) =>
      item.kind === 'scalar' ? readText(item, this.#context) : undefined,
    )
    return listOf(
      entry.value.place,
      texts.flatMap((text) => (text === undefined ? [] : [textNode(text)])),
    )
  }

  /** These mean nothing to hil, and nothing is lost by that. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name)
  }

  /** Says of an attribute, if it is there, what becomes of it. */
  remarkOn(name: string, sentence: string): void {
    const entry = this.entry(name)
    if (entry !== undefined)
      this.#context.problems.addRemark(entry.key, `${this.item.className}: ${sentence}`)
  }

  remark(sentence: string): void {
    this.#context.problems.addRemark(this.item.place, `${this.item.className}: ${sentence}`)
  }

  /** @param name of the attribute that is wrong; the class itself if absent */
  complain(name: string | undefined, sentence: string): void {
    const place = name === undefined ? undefined : this.item.attributes.entries.get(name)?.value.place
    this.complainAt(place ?? this.item.place, sentence)
  }

  complainAt(place: Place, sentence: string): void {
    this.#context.problems.add(place, `${this.item.className}: ${sentence}`)
  }

  /** Reports what nobody asked for. */
  finish(): void {
    const known = [...this.#asked]
    for (const [name, { key }] of this.item.attributes.entries) {
      if (this.#asked.has(name)) continue
      const choice = known.length === 0 ? '; it takes none' : `; it takes ${known.join(', ')}`
      const hint = didYouMean(name, known) || choice
      this.#context.problems.add(key, `${this.item.className} has no attribute ${quote(name)}${hint}`)
    }
  }

  #scalar(name: string, expected: string): ScalarNode | undefined {
    const value = this.entry(name)?.value
    if (value === undefined || value.kind === 'scalar') return value
    this.complain(name, `${quote(name)} is ${describe(value)}; expected ${expected}`)
    return undefined
  }
}

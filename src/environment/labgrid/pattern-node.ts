import { escapeReferences } from '../source/references.ts'
import type { Node } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { scalar } from './build.ts'
import { translatePattern } from './pattern.ts'

/** A regular expression of Python's, in the words of JavaScript and bounded; none where it is empty. */
export function patternNode(attributes: Attributes, name: string): Node | undefined {
  const pattern = attributes.text(name)
  if (pattern === undefined || pattern.value === '') return undefined
  const translated = translatePattern(pattern.value)
  if ('source' in translated) return scalar(pattern.place, escapeReferences(translated.source))
  attributes.complain(name, `the pattern "${pattern.value}" of "${name}" ${translated.failure}`)
  return undefined
}

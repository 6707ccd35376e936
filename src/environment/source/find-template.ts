import { didYouMean } from '../../core/did-you-mean.ts'
import { interpolate, type Scope } from './interpolate.ts'
import { describe, quote, type MapNode } from './node.ts'

/**
 * The template that a board names.
 * @returns `undefined` when it names none, `unusable` when the one it names can't be had, which was reported
 */
export function findTemplate(
  own: MapNode,
  templates: MapNode | undefined,
  scope: Scope,
): MapNode | 'unusable' | undefined {
  const named = own.entries.get('template')?.value
  if (named === undefined) return undefined
  const node = interpolate(named, scope)
  if (node.kind === 'scalar' && node.unknown === true) return 'unusable'
  const name = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  const template = name === undefined ? undefined : templates?.entries.get(name)?.value
  if (template?.kind === 'map') return template
  const known = [...(templates?.entries.keys() ?? [])]
  const choice = known.length === 0 ? '; there are none' : `; there are ${known.join(', ')}`
  if (name === undefined) {
    scope.problems.add(
      node.place,
      `"template" is ${describe(node)}; expected the name of a template${choice}`,
    )
  } else if (template === undefined) {
    const message = `there is no template ${quote(name)}${didYouMean(name, known) || choice}`
    scope.problems.addAbsence(node.place, message)
  } else
    scope.problems.add(template.place, `the template ${quote(name)} is ${describe(template)}; expected a map`)
  return 'unusable'
}

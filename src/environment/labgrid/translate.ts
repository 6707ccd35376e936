import { dirname } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import type { Scope } from '../source/interpolate.ts'
import { describe, quote, type Entry, type MapNode } from '../source/node.ts'
import { translateTarget, type OfFile } from './board.ts'
import { mapOf } from './build.ts'
import type { LabgridContext } from './context.ts'
import { Target } from './target.ts'

/** The keys of a file. */
const rootKeys = ['targets', 'features', 'options', 'images', 'paths', 'tools', 'imports']
const targetKeys = ['resources', 'drivers', 'features', 'options']

/**
 * An environment of labgrid in the words of ours, with every place that of the file: what is wrong with a value is
 * told where the person has written it.
 * @param prefix stands before relative paths, where what is made of it stands elsewhere
 * @returns `undefined` where something can't be put into our words, which was reported
 */
export function translateLabgrid(root: MapNode, scope: Scope, prefix = ''): MapNode | undefined {
  const { problems, variables, seen } = scope
  const before = problems.list().length
  const named = (key: string) => mapAt(root, key, scope)
  const context: LabgridContext = {
    ...{ problems, variables, seen, prefix, directory: dirname(root.place.source.file) },
    ...{ images: named('images'), tools: named('tools'), paths: named('paths') },
  }
  for (const [key, entry] of root.entries) {
    if (rootKeys.includes(key)) continue
    problems.addRemark(
      entry.key,
      `hil does not know ${quote(key)}, and labgrid neither${didYouMean(key, rootKeys)}`,
    )
  }
  const features = root.entries.get('features')?.value
  const ofFile = { features: features?.kind === 'list' ? features.items : [], options: named('options') }
  const boards = new Map<string, Entry>()
  for (const [name, entry] of mapAt(root, 'targets', scope)) {
    const board = translateEntry(name, entry, ofFile, context)
    if (board !== undefined) boards.set(name, { ...entry, value: board })
  }
  if (problems.list().length > before) return undefined
  const { place } = root.entries.get('targets')?.value ?? root
  return mapOf(root.place, { boards: { kind: 'map', place, entries: boards } })
}

function translateEntry(
  name: string,
  entry: Entry,
  ofFile: OfFile,
  context: LabgridContext,
): MapNode | undefined {
  const { value } = entry
  if (value.kind !== 'map') {
    context.problems.add(value.place, `the target ${quote(name)} is ${describe(value)}; expected a map`)
    return undefined
  }
  for (const [key, unknown] of value.entries) {
    if (targetKeys.includes(key)) continue
    const sentence = `neither hil nor labgrid knows ${quote(key)} of a target; what it is for is not done`
    context.problems.addRemark(unknown.key, `${sentence}${didYouMean(key, targetKeys)}`)
  }
  return translateTarget(new Target(name, { ...entry, value }, context), ofFile)
}

function mapAt(root: MapNode, key: string, { problems }: Scope): ReadonlyMap<string, Entry> {
  const value = root.entries.get(key)?.value
  if (value?.kind === 'map') return value.entries
  if (value !== undefined && !(value.kind === 'scalar' && value.value === null)) {
    problems.add(value.place, `${quote(key)} is ${describe(value)}; expected a map`)
  }
  return new Map()
}

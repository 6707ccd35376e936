import { readdir } from 'node:fs/promises'
import { basename, dirname, relative } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { interpolate, type Scope } from './interpolate.ts'
import { isExporterConfiguration, isLabgridEnvironment } from '../labgrid/recognise.ts'
import { translateLabgrid } from '../labgrid/translate.ts'
import { merge } from './merge.ts'
import { describe, quote, withoutKeys, type MapNode, type Node } from './node.ts'
import { parseSource } from './parse-source.ts'
import { absolutePath, type PathContext } from '../paths.ts'
import { readText } from './read-text.ts'
import { expandShorthands } from './shorthands.ts'
import type { Place } from './source.ts'

export interface FileContext extends PathContext {
  readonly scope: Scope
  /** The absolute path of every file that is read is added. */
  readonly files: Set<string>
}

/**
 * Reads a file and what it extends into one map: its own content over that of its bases, each of
 * these over the ones before it. What is wrong on the way goes to the problems of the scope.
 * @returns `undefined` where there is nothing to look into
 */
export async function loadFile(file: string, context: FileContext): Promise<MapNode | undefined> {
  const missing = { source: { file, text: '' }, offset: 0 }
  context.scope.problems.reading(missing.source)
  return load(file, context, { place: missing, asWritten: 'the file' }, [])
}

/** The line that asked for a file, which is where its absence is a problem. */
interface Request {
  readonly place: Place
  readonly asWritten: string
}

async function load(
  file: string,
  context: FileContext,
  request: Request,
  chain: readonly string[],
): Promise<MapNode | undefined> {
  const { problems } = context.scope
  const content = await readText(file)
  if ('failure' in content) {
    const hint = chain.length > 0 ? await siblingHint(file) : ''
    problems.addUnreadable(request.place, `${request.asWritten} ${content.failure} (${file})${hint}`)
    return undefined
  }
  const source = { file, text: content.text }
  problems.reading(source)
  context.files.add(file)
  const root = parseSource(source, problems)
  if (root === undefined) {
    problems.addAbsence({ source, offset: 0 }, 'the file is empty; "boards" is expected')
    return undefined
  }
  if (root.kind !== 'map') {
    problems.add(root.place, `the file holds ${describe(root)}; a map with "boards" is expected`)
    return undefined
  }
  if (isLabgridEnvironment(root)) {
    const translated = translateLabgrid(root, context.scope)
    return translated && expandShorthands(translated)
  }
  if (isExporterConfiguration(root)) {
    problems.add(root.place, exporterSentence)
    return undefined
  }
  const own = expandShorthands(withoutKeys(root, ['extends']))
  const bases = await loadBases(root.entries.get('extends')?.value, context, [...chain, file])
  return [...bases, own].reduce(merge)
}

const exporterSentence =
  "this tells labgrid's exporter what it offers; an environment has targets with resources and drivers, or boards"

async function loadBases(
  extended: Node | undefined,
  context: FileContext,
  chain: readonly string[],
): Promise<MapNode[]> {
  if (extended === undefined) return []
  const { problems } = context.scope
  const bases: MapNode[] = []
  for (const node of extended.kind === 'list' ? extended.items : [extended]) {
    const name = interpolate(node, context.scope)
    if (name.kind !== 'scalar' || typeof name.value !== 'string') {
      problems.add(
        name.place,
        `"extends" is ${describe(name)}; expected the path of a file, or a list of paths`,
      )
    } else if (name.unknown !== true) {
      const file = absolutePath(name.value, name, context)
      if (chain.includes(file)) problems.add(name.place, cycleSentence(file, chain))
      else {
        const asWritten = `the base file ${quote(name.value)}`
        const base = await load(file, context, { place: name.place, asWritten }, chain)
        if (base !== undefined) bases.push(base)
      }
    }
  }
  return bases
}

function cycleSentence(file: string, chain: readonly string[]): string {
  const near = chain.slice(chain.indexOf(file)).concat(file)
  const names = near.map((path) => relative(dirname(file), path))
  return `${quote(basename(file))} extends itself: ${names.join(' > ')}`
}

async function siblingHint(file: string): Promise<string> {
  try {
    return didYouMean(basename(file), await readdir(dirname(file)))
  } catch {
    return ''
  }
}

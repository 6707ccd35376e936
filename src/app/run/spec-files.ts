import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import { globBase, globToRegExp, isGlob } from './glob.ts'

/** What a directory is searched for. */
const specName = /\.spec\.(?:[cm]?[jt]s|sh)$/

/** What can be loaded as a spec when it is named itself. */
const loadableName = /(?<!\.d)\.[cm]?[jt]s$|\.sh$/

/**
 * The spec files that files, directories and globs mean, each once, in the order given (below a directory
 * or glob: sorted), relative to `cwd` where they lie in it.
 *
 * @throws HilError `specs.missing`, `specs.none`, `specs.unloadable` (environment)
 */
export function findSpecs(patterns: readonly string[], cwd: string): readonly string[] {
  const files = patterns.flatMap((pattern) => expand(pattern, cwd))
  return [...new Set(files.map((file) => shortPath(file, cwd)))]
}

function expand(pattern: string, cwd: string): readonly string[] {
  const path = resolve(cwd, pattern)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) return below(path, pattern)
  if (stat !== undefined) return [loadable(path, pattern)]
  if (isGlob(pattern)) return matching(pattern, cwd)
  throw missing(pattern, path, cwd)
}

function below(directory: string, pattern: string): readonly string[] {
  const found = filesBelow(directory).filter((file) => specName.test(file))
  if (found.length > 0) return found
  throw none(`there is no spec in ${pattern}: none of its files ends in .spec.ts or .spec.sh`, pattern)
}

function matching(pattern: string, cwd: string): readonly string[] {
  const expression = globToRegExp(resolve(cwd, pattern))
  const base = resolve(cwd, globBase(pattern))
  const found = filesBelow(base).filter((file) => expression.test(file) && loadableName.test(file))
  if (found.length > 0) return found
  throw none(`no file matches ${pattern}`, pattern)
}

function loadable(path: string, pattern: string): string {
  if (loadableName.test(path)) return path
  throw new HilError(
    'specs.unloadable',
    `${pattern} is no spec: hil runs .ts, .js, .mts and .mjs files, and .sh on the board`,
    {
      blame: 'environment',
      details: { spec: pattern },
    },
  )
}

function missing(pattern: string, path: string, cwd: string): HilError {
  const candidates = filesBelow(cwd, 4)
    .filter((file) => specName.test(file))
    .map((file) => shortPath(file, cwd))
  const hint = didYouMean(pattern, candidates)
  return new HilError('specs.missing', `there is no spec ${pattern} (looked for ${path})${hint}`, {
    blame: 'environment',
    details: { spec: pattern, path },
  })
}

function none(message: string, pattern: string): HilError {
  return new HilError('specs.none', message, { blame: 'environment', details: { pattern } })
}

/** All files below a directory, sorted; what is hidden or installed is left out. */
function filesBelow(directory: string, depth = 32): readonly string[] {
  if (depth === 0) return []
  return entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesBelow(path, depth - 1) : [path]
  })
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // Gone, or not ours to read: what can't be seen can't match.
    return []
  }
}

function shortPath(file: string, cwd: string): string {
  const near = relative(cwd, file)
  return near.startsWith(`..${sep}`) ? file : near
}

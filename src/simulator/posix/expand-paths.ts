import { resolvePath, type FileTree } from '../files/file-tree.ts'
import { hasPattern, patternToRegExp, unescapePattern } from './pattern.ts'

/** The paths a pattern stands for, sorted; the pattern itself (unescaped) when there are none. */
export function expandPaths(files: FileTree, directory: string, pattern: string): readonly string[] {
  const absolute = pattern.startsWith('/')
  const parts = pattern.split('/').filter((part) => part !== '')
  let found: readonly string[] = [absolute ? '/' : '']
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1
    found = found.flatMap((base) => step(files, directory, base, part, last))
  }
  return found.length === 0 ? [unescapePattern(pattern)] : found
}

function step(files: FileTree, directory: string, base: string, part: string, last: boolean): string[] {
  const join = (name: string) => `${base}${base === '' || base.endsWith('/') ? '' : '/'}${name}`
  if (!hasPattern(part)) {
    const path = join(unescapePattern(part))
    return files.find(resolvePath(directory, path)) === undefined ? [] : [path]
  }
  const node = files.find(resolvePath(directory, base === '' ? '.' : base))
  if (node?.type !== 'directory') return []
  const regExp = patternToRegExp(part, { path: true })
  return [...node.entries]
    .filter(([name, entry]) => regExp.test(name) && (last || entry.type !== 'file'))
    .map(([name]) => join(name))
    .sort()
}

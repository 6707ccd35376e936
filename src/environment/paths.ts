import { dirname, join, resolve } from 'node:path'
import type { ScalarNode } from './source/node.ts'

/** What paths in an environment are relative to, beside the file they stand in. */
export interface PathContext {
  readonly cwd: string
  /** What `~` stands for. */
  readonly home: string
}

/**
 * The absolute path of what a file names. It is relative to that file; only a path that begins with
 * a variable is relative to where the person is who set it.
 */
export function absolutePath(text: string, node: ScalarNode, { cwd, home }: PathContext): string {
  if (text === '~' || text.startsWith('~/')) return join(home, text.slice(1))
  return resolve(node.beginsWithVariable === true ? cwd : dirname(node.place.source.file), text)
}

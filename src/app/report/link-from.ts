import { existsSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'

/** The address of a file as seen from a page; both absolute paths. @returns undefined where there is no such file */
export function linkFrom(page: string, file: string): string | undefined {
  if (!existsSync(file)) return undefined
  return relative(dirname(page), file).split(sep).map(encodeURIComponent).join('/')
}

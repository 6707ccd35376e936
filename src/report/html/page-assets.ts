import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageDirectory } from '../../core/package-directory.ts'

/** Where scripts and styles of pages lie: beside the sources, also where hil runs from what was compiled. */
export function pageDirectory(): string {
  return join(packageDirectory(), 'src', 'report', 'html', 'page')
}

export function readStyle(...names: readonly string[]): string {
  return names.map((name) => readFileSync(join(pageDirectory(), name), 'utf8')).join('')
}

/** Nothing is loaded from anywhere, and nothing is obeyed but the page's own script and style. */
export function contentSecurityPolicy({ script, style }: { script?: string; style: string }): string {
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src '${digest(script)}'`]),
    `style-src '${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

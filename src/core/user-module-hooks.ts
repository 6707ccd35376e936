import { readFile } from 'node:fs/promises'
import type { InitializeHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Hooks for `import` (Node runs them in a thread of its own): the names that must mean the running
 * copy, and TypeScript that is ES modules even where no package.json says so, e.g. beside a kernel tree.
 */

let runningCopies: Readonly<Record<string, string>> = {}

/** @param urls module name -> URL of the copy that runs */
export const initialize: InitializeHook<Readonly<Record<string, string>>> = (urls) => {
  runningCopies = urls
}

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const url = runningCopies[specifier]
  if (url !== undefined) return { url, format: 'module', shortCircuit: true }
  const resolved = await nextResolve(specifier, context)
  return (await isModule(resolved.url)) ? { ...resolved, format: 'module' } : resolved
}

/** TypeScript is ES modules here; JavaScript without a package.json is what it is written as. */
async function isModule(url: string): Promise<boolean> {
  const extension = /\.([mc]?[jt]s)(?:\?|$)/.exec(url)?.[1]
  if (extension === undefined || !url.startsWith('file:') || url.includes('/node_modules/')) return false
  if (extension !== 'js') return extension === 'ts' || extension === 'mts'
  return /^\s*(?:import\b(?!\s*\()|export\b)/m.test(await readFile(fileURLToPath(url), 'utf8'))
}

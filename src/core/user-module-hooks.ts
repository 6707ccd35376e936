import { readFile } from 'node:fs/promises'
import type { InitializeHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ImportOf } from './import-place.ts'

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
  try {
    const resolved = await nextResolve(specifier, context)
    const own = resolved.url.replace(bridgeToCommonJs, '')
    return (await isModule(own)) ? { ...resolved, url: own, format: 'module' } : resolved
  } catch (error) {
    throw fromImport(error, { specifier, importer: context.parentURL })
  }
}

/** What tsx makes of the URL of a file that it takes for CommonJS. */
const bridgeToCommonJs = /(?:%3F|\?)tsx-commonjs-.*$/

/** Node's words name the file that imports, but neither the line nor how it is written there. */
function fromImport(error: unknown, importOf: ImportOf): unknown {
  return error instanceof Error ? Object.assign(error, { importOf }) : error
}

/** TypeScript is ES modules here; JavaScript without a package.json is what it is written as. */
async function isModule(url: string): Promise<boolean> {
  const extension = /\.([mc]?[jt]s)(?:\?|$)/.exec(url)?.[1]
  if (extension === undefined || !url.startsWith('file:') || url.includes('/node_modules/')) return false
  if (extension !== 'js') return extension === 'ts' || extension === 'mts'
  return /^\s*(?:import\b(?!\s*\()|export\b)/m.test(await readFile(fileURLToPath(url), 'utf8'))
}

import { readFileSync } from 'node:fs'
import type { InitializeHook, ResolveFnOutput, ResolveHook, ResolveHookContext } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ImportOf } from './import-place.ts'

/**
 * Hooks for `import` (up to Node 25 they run in a thread of their own): the names that must mean the running
 * copy, and TypeScript that is ES modules even where no package.json says so, e.g. beside a kernel tree.
 */

let runningCopies: Readonly<Record<string, string>> = {}

/** @param urls module name -> URL of the copy that runs */
export const initialize: InitializeHook<Readonly<Record<string, string>>> = (urls) => {
  runningCopies = urls
}

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  try {
    return runningCopy(specifier) ?? asModule(await nextResolve(specifier, context))
  } catch (error) {
    throw fromImport(error, { specifier, importer: context.parentURL })
  }
}

/** The same for `registerHooks`. */
export function resolveSync(
  specifier: string,
  context: ResolveHookContext,
  nextResolve: (specifier: string, context?: ResolveHookContext) => ResolveFnOutput,
): ResolveFnOutput {
  try {
    return runningCopy(specifier) ?? asModule(nextResolve(specifier, context))
  } catch (error) {
    throw fromImport(error, { specifier, importer: context.parentURL })
  }
}

function runningCopy(specifier: string): ResolveFnOutput | undefined {
  const url = runningCopies[specifier]
  return url === undefined ? undefined : { url, format: 'module', shortCircuit: true }
}

function asModule(resolved: ResolveFnOutput): ResolveFnOutput {
  const url = resolved.url.replace(bridgeToCommonJs, '')
  return isModule(url) ? { ...resolved, url, format: 'module' } : resolved
}

/** What tsx makes of the URL of a file that it takes for CommonJS. */
const bridgeToCommonJs = /(?:%3F|\?)tsx-commonjs-.*$/

/** Node's words name the file that imports, but neither the line nor how it is written there. */
function fromImport(error: unknown, importOf: ImportOf): unknown {
  return error instanceof Error ? Object.assign(error, { importOf }) : error
}

/** TypeScript is ES modules here; JavaScript without a package.json is what it is written as. */
function isModule(url: string): boolean {
  const extension = /\.([mc]?[jt]s)(?:\?|$)/.exec(url)?.[1]
  if (extension === undefined || !url.startsWith('file:') || url.includes('/node_modules/')) return false
  if (extension !== 'js') return extension === 'ts' || extension === 'mts'
  return /^\s*(?:import\b(?!\s*\()|export\b)/m.test(readFileSync(fileURLToPath(url), 'utf8'))
}

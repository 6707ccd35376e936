import type { InitializeHook, ResolveHook } from 'node:module'

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
  return isTypeScript(resolved.url) ? { ...resolved, format: 'module' } : resolved
}

function isTypeScript(url: string): boolean {
  return /\.m?ts(?:\?|$)/.test(url) && !url.includes('/node_modules/')
}

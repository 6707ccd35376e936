import { access } from 'node:fs/promises'
import module from 'node:module'
import { pathToFileURL } from 'node:url'
import { HilError, messageOf } from './errors.ts'
import { reasonOf } from './reason-of.ts'
import { placeOfImport } from './import-place.ts'
import type { resolveSync as ResolveSync } from './user-module-hooks.ts'

/**
 * Loads a TypeScript or JavaScript module of the user's from anywhere on disk. What it imports as
 * "hil" is the copy of hil that runs now, never a second one.
 *
 * @param file absolute path
 * @param what `spec`, `strategy`: for messages and error codes
 * @throws HilError `<what>.missing`, `<what>.does-not-compile` or `<what>.failed-to-load`
 *   (environment), with the module's own file, line and column
 */
export async function importUserModule(
  file: string,
  what: string,
): Promise<Readonly<Record<string, unknown>>> {
  await assertReadable(file, what)
  await enableUserModules()
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw await toLoadError(error, file, what)
  }
}

let enabled: Promise<void> | undefined

/** Makes `import` take TypeScript and know "hil". */
function enableUserModules(): Promise<void> {
  enabled ??= (async () => {
    const runsFromSource = import.meta.url.endsWith('.ts')
    // From source a loader for TypeScript is there already; a second one would only cost time.
    if (!runsFromSource) (await import('tsx/esm/api')).register()
    const extension = runsFromSource ? 'ts' : 'js'
    const runningCopies = {
      hil: new URL(`../index.${extension}`, import.meta.url).href,
      mocha: import.meta.resolve('mocha'),
    }
    const hooks = `./user-module-hooks.${extension}`
    if (registerHooks === undefined) module.register(hooks, import.meta.url, { data: runningCopies })
    else {
      const { initialize, resolveSync } = await import('./user-module-hooks.ts')
      await initialize(runningCopies)
      registerHooks({ resolve: resolveSync })
    }
  })()
  return enabled
}

type RegisterHooks = (hooks: { readonly resolve: typeof ResolveSync }) => void

/**
 * What Node asks for in place of `register` from 26 on. It has it earlier, but there the loader for TypeScript
 * (tsx) may still register its hooks in the other way, and those come after these.
 */
const registerHooks =
  Number.parseInt(process.versions.node) < 26
    ? undefined
    : (module as unknown as { readonly registerHooks: RegisterHooks }).registerHooks

async function assertReadable(file: string, what: string): Promise<void> {
  try {
    await access(file)
  } catch (cause) {
    throw new HilError(`${what}.missing`, `the ${what} ${file} cannot be read: ${reasonOf(cause)}`, {
      blame: 'environment',
      details: { file },
      cause,
    })
  }
}

async function toLoadError(error: unknown, file: string, what: string): Promise<Error> {
  if (error instanceof HilError) return error
  const compileError = fromCompiler(error)
  if (compileError !== undefined) {
    const { place, sentence } = compileError
    return new HilError(`${what}.does-not-compile`, `${place}: the ${what} does not compile: ${sentence}`, {
      blame: 'environment',
      details: { file, place },
      cause: error,
    })
  }
  const place = (await placeOfImport(error)) ?? placeIn(error, file)
  return new HilError(
    `${what}.failed-to-load`,
    `${place}: the ${what} cannot be loaded: ${messageOf(error)}`,
    {
      blame: 'environment',
      details: { file, place },
      cause: error,
    },
  )
}

/** What esbuild says: `Transform failed with 1 error:\n/dir/a.ts:4:28: ERROR: Expected ...`. */
function fromCompiler(error: unknown): { place: string; sentence: string } | undefined {
  const match = /^(\/.{1,4096}?:\d{1,9}:\d{1,9}): ERROR: (.{0,1000})/m.exec(messageOf(error))
  return match?.[1] === undefined ? undefined : { place: match[1], sentence: match[2] ?? '' }
}

/** The innermost place of an error that lies in the user's own file: `/dir/a.ts:4:28`. */
function placeIn(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const start = stack.indexOf(`${file}:`)
  const position = start === -1 ? null : /^:\d{1,9}(?::\d{1,9})?/.exec(stack.slice(start + file.length))
  return `${file}${position?.[0] ?? ''}`
}

import { readdir } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { didYouMean } from '../core/did-you-mean.ts'
import { HilError } from '../core/errors.ts'
import { importUserModule } from '../core/user-module.ts'
import type { Strategy } from './strategy.ts'

/** The same place beside `src`, in the source tree and in what is built from it. */
const shippedDirectory = fileURLToPath(new URL('../../strategies/', import.meta.url))

/**
 * Loads a strategy that ships with hil by its name, or the user's own by its file.
 * @throws HilError `strategy.unknown` (environment); what `importUserModule` throws;
 *   `strategy.no-default-export`; `strategy.invalid`
 */
export async function loadStrategy(
  choice: { readonly name: string } | { readonly file: string },
): Promise<Strategy> {
  if ('name' in choice) return importShipped(choice.name)
  const strategy = defaultExport(await importUserModule(choice.file, 'strategy'), choice.file)
  return { ...strategy, file: choice.file }
}

/** The names of the strategies that ship with hil. */
export async function shippedStrategies(): Promise<readonly string[]> {
  return [...(await shippedFiles()).keys()]
}

async function importShipped(name: string): Promise<Strategy> {
  const files = await shippedFiles()
  const fileName = files.get(name)
  if (fileName === undefined) throw unknownStrategy(name, [...files.keys()])
  const file = shippedDirectory + fileName
  // What was built finds "hil" by its package's own name; only the source needs a loader.
  const isBuilt = extname(file) === '.js'
  const module: unknown = isBuilt
    ? await import(pathToFileURL(file).href)
    : await importUserModule(file, 'strategy')
  return defaultExport(module as Readonly<Record<string, unknown>>, file)
}

function unknownStrategy(name: string, shipped: readonly string[]): HilError {
  const hint =
    didYouMean(name, shipped) ||
    `; hil ships ${shipped.join(', ')}, and a file of your own is named by its path`
  return new HilError('strategy.unknown', `there is no strategy "${name}"${hint}`, {
    blame: 'environment',
    details: { strategy: name, shipped },
  })
}

/** Name -> file name. */
async function shippedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(shippedDirectory)).filter((file) => /(?<!\.d)\.[jt]s$/.test(file)).sort()
  return new Map(files.map((file) => [basename(file, extname(file)), file]))
}

function defaultExport({ default: strategy }: Readonly<Record<string, unknown>>, file: string): Strategy {
  if (isStrategy(strategy)) return strategy
  throw new HilError(
    'strategy.no-default-export',
    `${file}: a strategy file has to end in "export default defineStrategy<...>()({ ... })"; its default export is ${strategy === undefined ? 'missing' : 'something else'}`,
    { blame: 'environment', details: { file } },
  )
}

function isStrategy(value: unknown): value is Strategy {
  const { edges, states, probe } = (value ?? {}) as Partial<Strategy>
  return Array.isArray(edges) && Array.isArray(states) && typeof probe === 'function'
}

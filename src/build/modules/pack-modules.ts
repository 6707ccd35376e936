import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { packCpio, type CpioItem } from '../../codecs/cpio/index.ts'
import { mapConcurrently } from '../../codecs/fit/map-concurrently.ts'
import { payloadError } from '../../codecs/payload-error.ts'
import {
  ModuleSet,
  moduleIndexFiles,
  stripDebug,
  type MissingModule,
  type PlacedModule,
} from '../../payload/modules/index.ts'
import { readModule, type ModuleFiles } from './module-files.ts'

export interface ModuleSelection {
  /** All modules, or the named ones with what they need. */
  readonly names: 'all' | readonly string[]
  /** Before `lib/modules`: `usr` where `/lib` is a link to `usr/lib`. @default '' */
  readonly prefix?: string
  /** @default true */
  readonly isCompressed?: boolean
}

export interface PackedModules {
  /** Members of an initramfs, in order. */
  readonly members: readonly Uint8Array[]
  readonly modules: readonly PlacedModule[]
  /** What was named and is not there. */
  readonly missing: readonly MissingModule[]
  readonly unpackedBytes: number
  readonly strippedBytes: number
}

/** One member is compressed by one thread; more of them keep all busy. */
const memberSize = 24 << 20

/** Kept as they are: they tell what is in the kernel itself. */
const keptFiles = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order']

const gzipAsync = promisify(gzip)

/**
 * Packs modules for an initramfs: unpacked (the archive is compressed as a whole), without debug
 * sections, owned by root, with indexes that name exactly what is in there.
 */
export async function packModules(
  files: ModuleFiles,
  set: ModuleSet,
  { names, prefix = '', isCompressed = true }: ModuleSelection,
): Promise<PackedModules> {
  const closure = names === 'all' ? { modules: set.modules, missing: [] } : set.closure(names)
  const directory = [prefix, 'lib/modules', files.release].filter((part) => part !== '').join('/')
  let strippedBytes = 0
  let unpackedBytes = 0
  const renamed = closure.modules.map((module) => ({ module, path: withoutSuffix(module.path) }))
  assertDistinct(renamed.map(({ path }) => path))
  const batches = inBatches(renamed, memberSize)
  const members = await mapConcurrently(batches, 2, async (batch) => {
    const items: CpioItem[] = []
    for (const { module, path } of batch) {
      const whole = await readModule(files, module.path)
      const data = module.debugBytes > 0 ? stripDebug(whole, module.path) : whole
      strippedBytes += whole.length - data.length
      unpackedBytes += data.length
      items.push({ type: 'file', path: `${directory}/${path}`, data })
    }
    return pack(items, isCompressed)
  })
  const indexes = await indexItems(files, set, renamed, directory)
  return {
    members: [...members, await pack(indexes, isCompressed)],
    modules: renamed.map(({ module, path }) => ({ ...module, path })),
    missing: closure.missing,
    unpackedBytes,
    strippedBytes,
  }
}

async function indexItems(
  files: ModuleFiles,
  set: ModuleSet,
  renamed: readonly Placed[],
  directory: string,
): Promise<CpioItem[]> {
  const kept = await Promise.all(keptFiles.map(async (name) => [name, await files.read(name)] as const))
  const order = kept.find(([name]) => name === 'modules.order')?.[1]
  const packed = new ModuleSet(
    renamed.map(({ module, path }) => ({ ...module, path })),
    {
      builtin: [...set.builtin],
      builtinAliases: set.builtinAliases,
      order: Buffer.from(order ?? [])
        .toString('utf8')
        .split('\n'),
    },
  )
  return [...kept, ...moduleIndexFiles(packed)].flatMap(([name, data]) =>
    data === undefined ? [] : [{ type: 'file' as const, path: `${directory}/${name}`, data }],
  )
}

/** The kernel needs no suffix: what is in the archive is not compressed. */
function withoutSuffix(path: string): string {
  return path.replace(/\.ko\.(?:gz|xz|zst)$/, '.ko')
}

function assertDistinct(paths: readonly string[]): void {
  const seen = new Set<string>()
  for (const path of paths) {
    if (seen.has(path))
      throw payloadError('modules.twice', `the module ${path} is there compressed and uncompressed`, { path })
    seen.add(path)
  }
}

interface Placed {
  readonly module: PlacedModule
  readonly path: string
}

/** By size alone, so that the same modules always fall into the same batches. */
function inBatches(modules: readonly Placed[], limit: number): Placed[][] {
  const batches: Placed[][] = []
  let filled = Infinity
  for (const placed of modules) {
    const { size } = placed.module
    if (filled + size > limit) {
      batches.push([])
      filled = 0
    }
    batches.at(-1)?.push(placed)
    filled += size
  }
  return batches
}

async function pack(items: readonly CpioItem[], isCompressed: boolean): Promise<Uint8Array> {
  const archive = await packCpio(items)
  return isCompressed ? gzipAsync(archive, { level: 6 }) : archive
}

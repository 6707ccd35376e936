import { HilError } from '../../core/errors.ts'
import { collect, openChecked, toByteSource, type ByteSource, type Content } from '../byte-source.ts'
import { parseFdtRoot, toText, toTexts } from '../fdt/index.ts'
import { gzipCompressor, type FitCompressor } from './compressor.ts'
import { createFit, type FitConfigurationSource, type FitImageSource } from './create.ts'
import { fitError } from './errors.ts'
import type { HashAlgorithm } from './hash.ts'
import { mapConcurrently } from './map-concurrently.ts'

export interface FitKernel {
  /** What it is, e.g. `Linux-7.2.13`. */
  readonly description: string
  readonly data: Content
  /**
   * `kernel_noload` is started where it fits; `kernel` at `entry`, after it was unpacked to `load`.
   * @default 'kernel_noload'
   */
  readonly type?: 'kernel' | 'kernel_noload'
  /** @default 0n */
  readonly load?: bigint
  /** @default 0n */
  readonly entry?: bigint
}

export interface FitDeviceTree {
  /** File name; two device trees may share an overlay by its name. */
  readonly name: string
  readonly data: Content
  /** Applied by the bootloader in this order. barebox takes only the device tree itself. */
  readonly overlays?: readonly Pick<FitDeviceTree, 'name' | 'data'>[]
}

export interface FitBuild {
  readonly description: string
  /** Seconds since 1970, usually SOURCE_DATE_EPOCH: the same inputs then give the same bytes. */
  readonly timestamp: number
  /** In the words of FIT: `arm64`, `arm`, `riscv`, `x86_64`, ... */
  readonly architecture: string
  /** @default 'linux' */
  readonly os?: string
  readonly kernel: FitKernel
  /** Each becomes a configuration with the `compatible` and the `model` of its root. */
  readonly deviceTrees: readonly FitDeviceTree[]
  /** As they are: it is the kernel that unpacks them. Bootloaders join several without padding. */
  readonly ramdisks?: readonly Content[]
  /** For kernel and device trees. `'none'` leaves them as they are. @default gzip, level 6 */
  readonly compressor?: FitCompressor | 'none'
  /** @default none, as kbuild does it */
  readonly hashes?: readonly HashAlgorithm[]
  /** How many device trees are compressed at a time. @default 4, the size of Node's pool of threads */
  readonly concurrency?: number
}

/** No device tree is larger: arm64 takes 2 MiB. */
const maximumTree = 16 << 20

/**
 * Builds a FIT in the shape of the kernel's `make image.fit`. In memory are the compressed images and
 * a few device trees at a time; the kernel is streamed. Throws HilErrors `fit.invalid` and `fdt.*`.
 */
export async function buildFit(build: FitBuild): Promise<ByteSource> {
  const { ramdisks = [], deviceTrees, hashes = [], concurrency = 4 } = build
  const compressor = build.compressor === 'none' ? undefined : (build.compressor ?? gzipCompressor())
  const parts = uniqueTrees(deviceTrees)
  const [kernel, trees] = await Promise.all([
    compress('the kernel', toByteSource(build.kernel.data), compressor),
    mapConcurrently(parts, concurrency, (part) => prepareTree(part, compressor)),
  ])
  const common = { architecture: build.architecture, hashes }
  const compression = compressor?.name ?? 'none'
  const os = build.os ?? 'linux'
  const { description, type = 'kernel_noload', load = 0n, entry = 0n } = build.kernel
  const images: FitImageSource[] = [
    { ...common, name: 'kernel', description, type, os, compression, load, entry, data: kernel },
    ...ramdisks.map((data, index) => ({
      ...common,
      name: ramdiskName(index, ramdisks.length),
      description: 'Ramdisk',
      type: 'ramdisk',
      os,
      data,
    })),
    ...trees.map(({ name, data }, index) => ({
      ...common,
      name: `fdt-${index + 1}`,
      description: name,
      type: 'flat_dt',
      compression,
      data,
    })),
  ]
  const imageByTree = new Map(trees.map(({ name }, index) => [name, `fdt-${index + 1}`]))
  const treeByName = new Map(trees.map((tree) => [tree.name, tree]))
  const configurations = deviceTrees.map(({ name, overlays = [] }, index): FitConfigurationSource => ({
    name: `conf-${index + 1}`,
    description: treeByName.get(name)?.model,
    compatible: treeByName.get(name)?.compatible ?? [],
    fdt: [name, ...overlays.map((overlay) => overlay.name)].flatMap((tree) => imageByTree.get(tree) ?? []),
    kernel: 'kernel',
    ramdisk: ramdisks.map((_, position) => ramdiskName(position, ramdisks.length)),
  }))
  return createFit({ description: build.description, timestamp: build.timestamp, images, configurations })
}

interface TreePart {
  readonly name: string
  readonly data: Content
  readonly overlay: boolean
}

/** Device trees and overlays, each once. */
function uniqueTrees(deviceTrees: readonly FitDeviceTree[]): TreePart[] {
  const parts = new Map<string, TreePart>()
  for (const { name, data, overlays = [] } of deviceTrees) {
    if (parts.has(name))
      throw fitError('invalid', `the device tree ${name} is put into the FIT twice`, { name })
    parts.set(name, { name, data, overlay: false })
    for (const overlay of overlays) parts.set(overlay.name, { ...overlay, overlay: true })
  }
  return [...parts.values()]
}

interface PreparedTree {
  readonly name: string
  readonly data: Content
  readonly compatible: readonly string[]
  readonly model: string | undefined
}

async function prepareTree(
  { name, data, overlay }: TreePart,
  compressor: FitCompressor | undefined,
): Promise<PreparedTree> {
  const bytes =
    data instanceof Uint8Array ? data : await collect(openChecked(toByteSource(data), name), maximumTree)
  const { compatible, model } = describeTree(name, bytes, overlay)
  return { name, compatible, model, data: await compress(name, toByteSource(bytes), compressor) }
}

function describeTree(name: string, bytes: Uint8Array, overlay: boolean) {
  try {
    const { properties } = parseFdtRoot(bytes)
    const [compatible, model] = [properties.get('compatible'), properties.get('model')]
    if (compatible === undefined && !overlay) throw new Error('its root has no compatible')
    return {
      compatible: compatible === undefined ? [] : toTexts(compatible, 'compatible'),
      model: model === undefined ? undefined : toText(model, 'model'),
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const details = error instanceof HilError ? error.details : {}
    throw fitError('invalid', `${name} can't be put into the FIT: ${why}`, { ...details, name }, error)
  }
}

async function compress(
  name: string,
  content: ByteSource,
  compressor: FitCompressor | undefined,
): Promise<Content> {
  if (compressor === undefined) return content
  return compressor.compress({ size: content.size, open: () => openChecked(content, name) })
}

function ramdiskName(index: number, count: number): string {
  return count === 1 ? 'ramdisk' : `ramdisk-${index + 1}`
}

import { openChecked, toByteSource, type ByteSource, type Content } from '../byte-source.ts'
import { createFdt, fromCells, fromText, fromTexts, type FdtNode } from '../fdt/index.ts'
import { fitError } from './errors.ts'
import { hashContent, type HashAlgorithm } from './hash.ts'

/** An image to be put into a FIT, its data as they are to be stored. */
export interface FitImageSource {
  readonly name: string
  readonly description?: string | undefined
  readonly type: string
  readonly architecture?: string | undefined
  readonly os?: string | undefined
  /** How the data are compressed, for the bootloader to unpack. @default 'none' */
  readonly compression?: string | undefined
  readonly load?: bigint | undefined
  readonly entry?: bigint | undefined
  readonly data: Content
  /** The first becomes `hash-1`, the only one that barebox looks at. @default none */
  readonly hashes?: readonly HashAlgorithm[]
}

/** A configuration to be put into a FIT; its lists name images. */
export interface FitConfigurationSource {
  readonly name: string
  readonly description?: string | undefined
  readonly compatible?: readonly string[]
  readonly kernel?: string | undefined
  readonly firmware?: string | undefined
  readonly fdt?: readonly string[]
  readonly ramdisk?: readonly string[]
  readonly loadables?: readonly string[]
}

export interface FitSource {
  /** U-Boot refuses a FIT without it. */
  readonly description: string
  /** Seconds since 1970: SOURCE_DATE_EPOCH, or a time that means something. */
  readonly timestamp: number
  readonly images: readonly FitImageSource[]
  readonly configurations: readonly FitConfigurationSource[]
  /** What a bootloader takes when nothing fits. A foreign device tree is worse than none: best left out. */
  readonly defaultConfiguration?: string | undefined
}

/**
 * A FIT with data in its tree, as every bootloader reads it. Content that is streamed is read once
 * for its hashes, where it has some, and once when the FIT is.
 *
 * Throws `fit.invalid` for names that don't fit together, and for a timestamp that it can't hold.
 */
export async function createFit(source: FitSource): Promise<ByteSource> {
  checkReferences(source)
  checkTimestamp(source)
  const wide = source.images.some(({ load = 0n, entry = 0n }) => load > 0xffffffffn || entry > 0xffffffffn)
  const images: FdtNode<Content>[] = []
  for (const image of source.images) images.push(await imageNode(image, wide))
  const root = node(
    '',
    {
      description: fromText(source.description),
      timestamp: fromCells(source.timestamp),
      '#address-cells': fromCells(wide ? 2 : 1),
    },
    [
      node('images', {}, images),
      node(
        'configurations',
        { default: text(source.defaultConfiguration) },
        source.configurations.map(configurationNode),
      ),
    ],
  )
  return createFdt({ root })
}

async function imageNode(image: FitImageSource, wide: boolean): Promise<FdtNode<Content>> {
  const data = toByteSource(image.data)
  const { hashes = [] } = image
  const values = hashes.length === 0 ? undefined : await hashContent(openChecked(data, image.name), hashes)
  const hashNodes = hashes.map((algorithm, index) =>
    node(`hash-${index + 1}`, { algo: fromText(algorithm), value: values?.get(algorithm) }),
  )
  return node(
    image.name,
    {
      description: text(image.description),
      type: fromText(image.type),
      arch: text(image.architecture),
      os: text(image.os),
      compression: fromText(image.compression ?? 'none'),
      load: address(image.load, wide),
      entry: address(image.entry, wide),
      data: image.data instanceof Uint8Array ? image.data : data,
    },
    hashNodes,
  )
}

function configurationNode(configuration: FitConfigurationSource): FdtNode<Content> {
  return node(configuration.name, {
    description: text(configuration.description),
    compatible: texts(configuration.compatible),
    kernel: text(configuration.kernel),
    firmware: text(configuration.firmware),
    fdt: texts(configuration.fdt),
    ramdisk: texts(configuration.ramdisk),
    loadables: texts(configuration.loadables),
  })
}

function node(
  name: string,
  properties: Readonly<Record<string, Content | undefined>>,
  children: readonly FdtNode<Content>[] = [],
): FdtNode<Content> {
  const present = Object.entries(properties).filter(
    (entry): entry is [string, Content] => entry[1] !== undefined,
  )
  return {
    name,
    properties: new Map(present),
    children: new Map(children.map((child) => [child.name, child])),
  }
}

function text(value: string | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : fromText(value)
}

function texts(values: readonly string[] | undefined): Uint8Array | undefined {
  return values === undefined || values.length === 0 ? undefined : fromTexts(values)
}

function address(value: bigint | undefined, wide: boolean): Uint8Array | undefined {
  if (value === undefined) return undefined
  const low = Number(value & 0xffffffffn)
  return wide ? fromCells(Number(value >> 32n), low) : fromCells(low)
}

function checkTimestamp({ timestamp }: FitSource): void {
  if (Number.isInteger(timestamp) && timestamp >= 0 && timestamp <= 0xffffffff) return
  throw fitError(
    'invalid',
    `a FIT can't hold the timestamp ${timestamp}: it has 32 bits, seconds since 1970`,
    {
      timestamp,
    },
  )
}

function checkReferences({ images, configurations, defaultConfiguration }: FitSource): void {
  const imageNames = checkNames('image', images)
  const configurationNames = checkNames('configuration', configurations)
  for (const { name, kernel, firmware, fdt = [], ramdisk = [], loadables = [] } of configurations) {
    const missing = [kernel, firmware, ...fdt, ...ramdisk, ...loadables].find(
      (image) => image !== undefined && !imageNames.has(image),
    )
    if (missing === undefined) continue
    throw fitError(
      'invalid',
      `the configuration ${name} names the image ${missing}, which the FIT does not have`,
      { name, missing },
    )
  }
  if (defaultConfiguration === undefined || configurationNames.has(defaultConfiguration)) return
  throw fitError('invalid', `the default configuration ${defaultConfiguration} is not in the FIT`, {
    defaultConfiguration,
  })
}

/** `@` would be taken as a unit address by U-Boot, and as the start of a configuration's name by barebox. */
function checkNames(what: string, named: readonly { readonly name: string }[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { name } of named) {
    const fault = names.has(name)
      ? 'is used twice'
      : /^[A-Za-z0-9][A-Za-z0-9,._+-]*$/.test(name)
        ? undefined
        : 'is no name for a node'
    if (fault !== undefined)
      throw fitError('invalid', `the ${what} name ${JSON.stringify(name)} ${fault}`, { name })
    names.add(name)
  }
  return names
}

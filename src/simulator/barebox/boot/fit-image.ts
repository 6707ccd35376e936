import { HilError } from '../../../core/errors.ts'
import {
  hashContent,
  hashSizes,
  imageAccess,
  isHashAlgorithm,
  openFit,
  type Fit,
  type FitConfiguration,
  type FitImage,
} from '../../../codecs/fit/index.ts'
import { randomAccess, type RandomAccess } from '../../../codecs/random-access.ts'
import { resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { BootFailure } from './boot-entry.ts'
import { splitImageName, type BootParts, type Replaced } from './boot-parts.ts'
import { chooseConfiguration } from './fit-configuration.ts'
import { headerSize, recogniseImage, unpack } from './kernel-image.ts'
import { failureOf, type Loadable } from './loadable.ts'

/** How much a FIT's content is checked: `global.bootm.verify`. */
export type Verify = 'none' | 'hash' | 'signature' | 'available'

interface OpenFit {
  readonly barebox: Barebox
  readonly path: string
  readonly source: RandomAccess
  readonly fit: Fit
  readonly verify: Verify
  readonly verbose: boolean
}

/** An image of the chosen configuration: its role there, and which of several. */
interface Part {
  readonly role: 'kernel' | 'ramdisk' | 'fdt'
  readonly image: string
  readonly index: number
}

/**
 * Takes kernel, initrds and device tree from the configuration of a FIT that fits this board. What the
 * configuration lacks stays as it is. Source: barebox, common/bootm-fit.c and common/image-fit.c.
 * @param image `FILE[@CONFIGURATION]`
 * @throws BootFailure
 */
export async function takeFromFit(
  barebox: Barebox,
  parts: BootParts,
  image: string,
  { verify, verbose }: { readonly verify: Verify; readonly verbose: boolean },
): Promise<Replaced> {
  const { name, configuration: named } = splitImageName(image)
  const opened = await open(barebox, name, verify, verbose)
  const configuration = await chooseConfiguration(barebox, opened.fit, opened.source, named)
  if (configuration === undefined) {
    await barebox.log('error', `Cannot open FIT image configuration '${named ?? 'default'}'`)
    throw new BootFailure(errno.noEntry)
  }
  const loadable = (role: Part['role'], imageName: string, index = 0) =>
    fitLoadable(opened, configuration, { role, image: imageName, index })
  parts.kernel = loadable('kernel', configuration.kernel ?? 'kernel')
  const initrd = configuration.ramdisk.map((each, index) => loadable('ramdisk', each, index))
  if (initrd.length > 0) parts.initrd = initrd
  const [tree] = configuration.fdt
  if (tree !== undefined) parts.deviceTree = [loadable('fdt', tree)]
  parts.kind = await kindOf(parts.kernel)
  parts.loadAddress = await readAddresses(opened, configuration)
  return { kernel: true, initrd: initrd.length > 0, deviceTree: tree !== undefined }
}

async function open(barebox: Barebox, name: string, verify: Verify, verbose: boolean): Promise<OpenFit> {
  const path = resolvePath(barebox.directory, name)
  const fail = async (reason: string): Promise<never> => {
    await barebox.log('error', `Loading FIT image ${name} failed with: ${reason}`)
    throw new BootFailure(reason)
  }
  // The size is looked up in the header first, in a reading of its own.
  const header = Buffer.from(await readFile(barebox, path, 8))
  const size = header.length < 8 ? 0 : header.readUInt32BE(4)
  const bytes = (await readFile(barebox, path)).subarray(0, size)
  if (bytes.length < size) {
    await barebox.log('error', `FIT: unable to read ${path}: ${errno.noData}`)
    return fail(errno.noData)
  }
  const source = randomAccess(bytes)
  try {
    const fit = await openFit(source)
    await barebox.print(`FIT: Opened FIT image: ${fit.description ?? noDescription}\n`)
    return { barebox, path, source, fit, verify, verbose }
  } catch (error) {
    if (!(error instanceof HilError)) throw error
    return fail(error.code === 'fit.no-fit' ? errno.noEntry : errno.invalid)
  }
}

async function readFile(barebox: Barebox, path: string, limit?: number): Promise<Uint8Array> {
  try {
    return await barebox.files.readBytes(path, limit)
  } catch (error) {
    throw failureOf(error)
  }
}

const noDescription = '(no description)'

function fitLoadable(opened: OpenFit, { name }: FitConfiguration, part: Part): Loadable {
  const { role, index } = part
  const load = () => openImage(opened, part.image)
  return {
    name: `FIT(${opened.path}, ${name}/${role}${index === 0 ? '' : `, ${index}`})`,
    load,
    view: async () => {
      try {
        return await load()
      } catch (error) {
        if (error instanceof BootFailure) return load()
        throw error
      }
    },
  }
}

async function openImage(
  { barebox, fit, source, verify, verbose }: OpenFit,
  name: string,
): Promise<Uint8Array> {
  const image = fit.images.get(name)
  if (image === undefined) throw new BootFailure(errno.noEntry)
  if (verbose) await barebox.print(`FIT: image '${name}': '${image.description ?? noDescription}'\n`)
  if (image.type === undefined) {
    await barebox.log('error', `FIT: No "type" property found in /images/${name}`)
    throw new BootFailure(errno.invalid)
  }
  if (image.data === undefined || image.data.external) {
    await barebox.log('error', 'FIT: data not found')
    throw new BootFailure(errno.invalid)
  }
  const access = imageAccess(source, image)
  const stored = await access.read(0, access.size)
  if (verify !== 'none') await verifyHash(barebox, image, stored, { verify, verbose })
  return unpackImage(barebox, image, stored)
}

/** Only the first hash counts. @throws BootFailure */
async function verifyHash(
  barebox: Barebox,
  { name, hashes }: FitImage,
  stored: Uint8Array,
  { verify, verbose }: { readonly verify: Verify; readonly verbose: boolean },
): Promise<void> {
  const hash = hashes.find((each) => /^hash[-@]1$/.test(each.name))
  const fail = async (text: string, reason: string): Promise<never> => {
    await barebox.log('error', `FIT: ${text}`)
    throw new BootFailure(reason)
  }
  if (hash === undefined) {
    if (verify === 'available') return
    return fail(`image /images/${name} does not have hashes`, errno.invalid)
  }
  const path = `/images/${name}/${hash.name}`
  const { algorithm } = hash
  if (!isHashAlgorithm(algorithm)) return fail(`${path}: unsupported algo ${algorithm}`, errno.invalid)
  if (hash.value.length !== hashSizes[algorithm]) {
    return fail(`${path}: invalid hash length ${hash.value.length}`, errno.invalid)
  }
  const digests = await hashContent(once(stored), [algorithm])
  if (Buffer.compare(digests.get(algorithm) ?? Buffer.alloc(0), hash.value) !== 0) {
    return fail(`${path}: hash BAD`, errno.badMessage)
  }
  if (verbose) await barebox.print(`FIT: ${path}: hash OK\n`)
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** @throws BootFailure */
async function unpackImage(
  barebox: Barebox,
  { compression, type }: FitImage,
  stored: Uint8Array,
): Promise<Uint8Array> {
  if (compression === 'none') return stored
  if (type === 'ramdisk') {
    await barebox.log(
      'warning',
      'FIT: compression != "none" for ramdisks is deprecated, please fix your .its file!',
    )
    return stored
  }
  if (compression !== 'gzip') barebox.hardware.unsupported(`barebox: unpacking ${compression}`)
  try {
    const unpacked = unpack(stored)
    if (unpacked !== undefined) return unpacked
  } catch {
    // Said below.
  }
  await barebox.log('error', 'FIT: uncompression error')
  await barebox.log('error', `FIT: ${compression} data couldn't be decompressed`)
  throw new BootFailure(errno.inputOutput)
}

/** A kernel that can't be had is one of unknown type. */
async function kindOf(kernel: Loadable): Promise<BootParts['kind']> {
  const bytes = await kernel.view().catch((error: unknown) => {
    if (error instanceof BootFailure) return undefined
    throw error
  })
  return bytes === undefined || bytes.length < headerSize
    ? { kind: 'unknown', type: 'unknown' }
    : recogniseImage(bytes)
}

async function readAddresses(
  { barebox, fit }: OpenFit,
  { kernel }: FitConfiguration,
): Promise<number | undefined> {
  const image = fit.images.get(kernel ?? '')
  if (image === undefined || image.type === 'kernel_noload') return undefined
  const { load, entry } = image
  for (const [what, address] of [
    ['Load', load],
    ['Entry', entry],
  ] as const) {
    if (address === undefined) continue
    await barebox.print(`${what} address from FIT 'kernel': 0x${address.toString(16)}\n`)
  }
  return load === undefined ? undefined : Number(load)
}

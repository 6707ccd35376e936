import { HilError } from '../../../core/errors.ts'
import { resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { BootFailure, type Overrides } from './boot-entry.ts'
import { splitImageName, type BootParts } from './boot-parts.ts'
import { takeFromFit, type Verify } from './fit-image.ts'
import { recogniseImage } from './kernel-image.ts'
import { loadAndStart } from './load-and-start.ts'
import { fileLoadable, fileLoadables, readHeader } from './loadable.ts'
import { applyOverrides, openKernel } from './overrides.ts'

/** What one attempt to boot a kernel is made of. */
export interface BootRequest {
  /** `FILE[@CONFIGURATION]`, as the messages name it. */
  readonly image: string
  /** Files with `:` between them. */
  readonly initrd: string | undefined
  readonly oftree: string | undefined
  readonly verbose: boolean
  readonly dryRun: boolean
  /** At least so much is checked. @default `global.bootm.verify` */
  readonly verify?: Verify
  /** `undefined` for what can't be overridden. */
  readonly overrides: Overrides | undefined
}

/** Loads kernel, initrd and device tree, says so, and starts the kernel unless it is a dry run. @throws BootFailure */
export async function bootm(barebox: Barebox, request: BootRequest): Promise<void> {
  try {
    await loadAndStart(barebox, await choose(barebox, request), request)
  } catch (error) {
    if (!(error instanceof HilError) || error.blame !== 'payload') throw error
    // barebox reads past many a mistake at which our codecs stop.
    barebox.hardware.unsupported(`barebox: what it does when ${error.message}`)
    throw new BootFailure(errno.invalid)
  }
}

async function choose(barebox: Barebox, request: BootRequest): Promise<BootParts> {
  const { signedImages } = barebox.hardware.options.barebox
  const verify = signedImages
    ? 'signature'
    : (request.verify ?? (barebox.variables.global('bootm.verify') as Verify))
  const how = { verify, verbose: request.verbose }
  const parts = await prepare(barebox, request, how)
  // Where only signed images are booted, what is to be replaced is forgotten without a word.
  if (request.overrides !== undefined && !signedImages) {
    await applyOverrides(barebox, parts, request.overrides, how)
  }
  return parts
}

async function prepare(
  barebox: Barebox,
  { image, initrd, oftree }: BootRequest,
  how: { readonly verify: Verify; readonly verbose: boolean },
): Promise<BootParts> {
  const { name } = splitImageName(image)
  const kind = recogniseImage(await readHeader(barebox, name))
  if (kind.kind === 'unknown') {
    await barebox.log('error', 'Unknown OS filetype (try -f)')
    throw new BootFailure(errno.invalid)
  }
  if (barebox.hardware.options.barebox.signedImages && kind.kind !== 'fit') {
    await barebox.log('error', 'Signed boot and image is no FIT image, aborting')
    throw new BootFailure(errno.invalid)
  }
  const parts: BootParts = {
    imageName: name,
    kind,
    kernel: await fileLoadable(barebox, name, 'kernel'),
    initrd: [],
    deviceTree: [],
    namedTree: oftree,
    loadAddress: undefined,
  }
  try {
    if (kind.kind === 'fit') await takeFromFit(barebox, parts, image, how)
    else await openFiles(barebox, parts, { kind, initrd, oftree })
  } catch (error) {
    if (!(error instanceof BootFailure)) throw error
    const what = { fit: 'FIT', compressed: 'compressed boot', kernel: 'boot' }[kind.kind]
    await barebox.log('error', `Loading ${what} image failed with: ${error.message}`)
    throw error
  }
  await lookForUimage(barebox, initrd)
  return parts
}

async function openFiles(
  barebox: Barebox,
  parts: BootParts,
  { kind, initrd, oftree }: Pick<BootRequest, 'initrd' | 'oftree'> & Pick<BootParts, 'kind'>,
): Promise<void> {
  if (oftree !== undefined) parts.deviceTree = [await fileLoadable(barebox, oftree, 'fdt')]
  if (initrd !== undefined) parts.initrd = await fileLoadables(barebox, initrd, 'initrd', [])
  if (kind.kind === 'compressed') Object.assign(parts, await openKernel(barebox, parts.imageName, kind))
}

/** An initrd may be in a uImage; for that the list is taken for one name, so that `-r` takes no list. */
async function lookForUimage(barebox: Barebox, initrd: string | undefined): Promise<void> {
  if (initrd === undefined) return
  if ((await barebox.files.find(resolvePath(barebox.directory, initrd))) !== undefined) return
  await barebox.log('error', `could not open initrd "${initrd}": ${errno.noEntry}`)
  throw new BootFailure(errno.noEntry)
}

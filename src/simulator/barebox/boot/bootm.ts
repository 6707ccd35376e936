import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { bootargs } from './bootargs.ts'
import { BootFailure, type Overrides } from './boot-entry.ts'
import { recogniseImage, type ImageKind } from './kernel-image.ts'

/** What one attempt to boot a kernel is made of. */
export interface BootRequest {
  /** The kernel as the messages name it. */
  readonly image: string
  readonly initrd: string | undefined
  readonly oftree: string | undefined
  readonly verbose: boolean
  readonly dryRun: boolean
  readonly overrides: Overrides
  /** Called from an entry, which takes a file of any type and finds out later that it can't. */
  readonly fromEntry: boolean
}

/** Loads kernel, initrd and device tree, says so, and starts the kernel unless it is a dry run. */
export async function bootm(barebox: Barebox, request: BootRequest): Promise<void> {
  const { overrides } = request
  const image = overrides.image ?? request.image
  const kind = recogniseImage(await readImage(barebox, image))
  if (kind.kind === 'truncated') throw new BootFailure(errno.noData)
  if (kind.kind === 'unknown' && !request.fromEntry) {
    await barebox.log('error', 'Unknown OS filetype (try -f)')
    throw new BootFailure(errno.invalid)
  }
  if (kind.kind === 'fit') {
    barebox.hardware.unsupported(`barebox: booting the FIT ${image}`)
    throw new BootFailure(errno.notImplemented)
  }
  const initrds = partsOf(overrides.initrd, request.initrd)
  for (const name of initrds) await requirePart(barebox, 'initrd', name, request)
  const trees = partsOf(overrides.oftree, request.oftree)
  for (const name of trees) await requirePart(barebox, 'fdt', name, request)
  await reportOverrides(barebox, overrides, kind, { initrds, trees })
  await load(barebox, request, { image, kind, hasInitrd: initrds.length > 0, hasTree: trees.length > 0 })
}

async function readImage(barebox: Barebox, name: string): Promise<string> {
  try {
    return await barebox.files.read(resolvePath(barebox.directory, name))
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    await barebox.log('error', `could not open ${name}: ${error.message}`)
    throw new BootFailure(error.message)
  }
}

/** The files of an initrd or device tree; an empty component stands for what the entry has itself. */
function partsOf(override: string | undefined, own: string | undefined): readonly string[] {
  const ownPart = own === undefined ? [] : [own]
  if (override === undefined) return ownPart
  if (override === '') return []
  return override.split(/[:\s]/).flatMap((name) => (name === '' ? ownPart : [name]))
}

async function requirePart(
  barebox: Barebox,
  what: string,
  name: string,
  { fromEntry }: BootRequest,
): Promise<void> {
  if ((await barebox.files.find(resolvePath(barebox.directory, name))) !== undefined) return
  await barebox.log('error', `${what} image "${name}" not found: ${errno.noEntry}`)
  if (!fromEntry) await barebox.log('error', `Loading boot image failed with: ${errno.noEntry}`)
  throw new BootFailure(errno.noEntry)
}

async function reportOverrides(
  barebox: Barebox,
  overrides: Overrides,
  kind: ImageKind,
  { initrds, trees }: { readonly initrds: readonly string[]; readonly trees: readonly string[] },
): Promise<void> {
  const report = (text: string) => barebox.log('notice', `[bootm override active] ${text}`)
  const list = (names: readonly string[]) => names.map((name) => `File(${name})`).join(', ')
  if (overrides.image !== undefined) {
    const shown = `File(${overrides.image})`
    const compressed = kind.kind === 'kernel' && kind.compressed
    await report(`replacement OS: ${compressed ? `Decompress(${shown})` : shown}`)
  }
  if (overrides.initrd === '') await report('removed initrd')
  else if (overrides.initrd !== undefined) await report(`replacement initrd: ${list(initrds)}`)
  if (overrides.oftree === '') await report('removed FDT')
  else if (overrides.oftree !== undefined) await report(`replacement FDT: ${list(trees)}`)
}

async function load(
  barebox: Barebox,
  { verbose, dryRun }: BootRequest,
  found: {
    readonly image: string
    readonly kind: ImageKind
    readonly hasInitrd: boolean
    readonly hasTree: boolean
  },
): Promise<void> {
  const { variables } = barebox
  const earlycon = variables.global('bootm.earlycon') === '1' ? ['earlycon=pl011,0x9000000'] : []
  for (const fragment of earlycon) await barebox.print(`Adding "${fragment}" to Kernel commandline\n`)
  if (variables.global('bootm.appendroot') === '1')
    barebox.hardware.unsupported('barebox: global.bootm.appendroot')
  const type = found.kind.kind === 'kernel' ? found.kind.type : 'unknown'
  await barebox.print(`\nLoading ${type} '${found.image}'\n`)
  if (found.kind.kind !== 'kernel') {
    await barebox.log('error', 'no image handler found for image type unknown')
    throw new BootFailure(errno.noDevice)
  }
  if (found.hasTree) barebox.hardware.unsupported('barebox: replacing the device tree')
  if (verbose) {
    await barebox.print('OS image not yet relocated\nPassing control to ARM aarch64 Linux image handler\n')
  }
  const commandLine = bootargs(barebox, earlycon)
  await barebox.print(`commandline: ${commandLine === '' ? '<NULL>' : commandLine}\n`)
  const tree = found.hasInitrd ? '0x0000000042211000' : '0x0000000042210000'
  await barebox.print(`Loaded kernel to 0x40200000, devicetree at ${tree}\n`)
  if (dryRun || variables.global('bootm.dryrun') === '1') await barebox.print('Dryrun. Aborted\n')
  else await barebox.startKernel({ commandLine })
}

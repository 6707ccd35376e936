import type { Barebox } from '../barebox.ts'
import type { Overrides } from './boot-entry.ts'
import { splitImageName, type BootParts, type Replaced } from './boot-parts.ts'
import { takeFromFit, type Verify } from './fit-image.ts'
import { recogniseImage, type ImageKind } from './kernel-image.ts'
import { decompressed, fileLoadable, fileLoadables, readHeader, type Loadable } from './loadable.ts'

/**
 * Replaces what `boot -o` names: first the image, which as a FIT brings more along, then initrd and
 * device tree. Says what was replaced before any of it is looked at closely.
 * Source: barebox, common/bootm-overrides.c. @throws BootFailure
 */
export async function applyOverrides(
  barebox: Barebox,
  parts: BootParts,
  { image, initrd, oftree }: Overrides,
  how: { readonly verify: Verify; readonly verbose: boolean },
): Promise<void> {
  const replaced: Replaced =
    image === undefined
      ? { kernel: false, initrd: false, deviceTree: false }
      : await replaceImage(barebox, parts, image, how)
  if (initrd !== undefined) {
    parts.initrd = await fileLoadables(barebox, initrd, 'initrd', parts.initrd)
    replaced.initrd = true
  }
  if (oftree !== undefined) {
    parts.deviceTree = await fileLoadables(barebox, oftree, 'fdt', parts.deviceTree)
    replaced.deviceTree = true
  }
  if (replaced.kernel) await report(barebox, 'OS', [parts.kernel])
  if (replaced.initrd) await report(barebox, 'initrd', parts.initrd)
  if (replaced.deviceTree) await report(barebox, 'FDT', parts.deviceTree)
}

async function replaceImage(
  barebox: Barebox,
  parts: BootParts,
  image: string,
  how: { readonly verify: Verify; readonly verbose: boolean },
): Promise<Replaced> {
  const { name } = splitImageName(image)
  const kind = recogniseImage(await readHeader(barebox, name))
  parts.imageName = name
  parts.loadAddress = undefined
  if (kind.kind === 'fit') return takeFromFit(barebox, parts, image, how)
  Object.assign(parts, await openKernel(barebox, name, kind))
  return { kernel: true, initrd: false, deviceTree: false }
}

/** A kernel in a file of its own, compressed or not. */
export async function openKernel(
  barebox: Barebox,
  name: string,
  kind: ImageKind,
): Promise<{ kernel: Loadable; kind: ImageKind }> {
  const file = await fileLoadable(barebox, name, 'kernel')
  if (kind.kind !== 'compressed') return { kernel: file, kind }
  const kernel = decompressed(barebox, file)
  return { kernel, kind: recogniseImage(await kernel.view()) }
}

async function report(barebox: Barebox, what: string, loadables: readonly Loadable[]): Promise<void> {
  const names = loadables.map(({ name }) => name).join(', ')
  await barebox.log(
    'notice',
    `[bootm override active] ${names === '' ? `removed ${what}` : `replacement ${what}: ${names}`}`,
  )
}

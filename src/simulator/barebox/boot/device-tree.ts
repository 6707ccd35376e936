import { applyOverlay, findNode, packFdt, parseFdt, type Fdt } from '../../../codecs/fdt/index.ts'
import { HilError } from '../../../core/errors.ts'
import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { BootFailure } from './boot-entry.ts'
import type { BootParts } from './boot-parts.ts'

/**
 * The device tree for the kernel, overlays applied, with the complaints of those who have to add
 * something to it. What they add is not simulated.
 * @returns `own`: the bootloader's live tree; `none` where an empty file was given
 * @throws BootFailure
 */
export async function prepareDeviceTree(
  barebox: Barebox,
  { deviceTree, namedTree }: BootParts,
): Promise<Uint8Array | 'own' | 'none'> {
  const [base, ...overlays] = deviceTree
  if (base === undefined) return 'own'
  let bytes: Uint8Array
  try {
    bytes = await base.view()
  } catch (error) {
    if (!(error instanceof BootFailure)) throw error
    await barebox.log('error', `could not open device tree "${namedTree ?? '<NULL>'}": ${error.message}`)
    throw error
  }
  if (bytes.length === 0) return 'none'
  const unflattened = await parse(barebox, bytes)
  if (unflattened === undefined) {
    await barebox.log('error', 'unable to unflatten devicetree')
    throw new BootFailure(errno.invalid)
  }
  let tree: Fdt = unflattened
  for (const overlay of overlays) {
    const patch = await parse(barebox, await overlay.load())
    const merged = patch && merge(tree, patch)
    if (merged === undefined) {
      await barebox.log('error', `failed to apply overlay "${overlay.name}": ${errno.invalid}`)
    } else tree = merged
  }
  await complain(barebox, tree)
  return packFdt(tree)
}

async function parse(barebox: Barebox, bytes: Uint8Array): Promise<Fdt | undefined> {
  try {
    return parseFdt(bytes)
  } catch (error) {
    if (!(error instanceof HilError)) throw error
    const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    if (magic !== 'd00dfeed') await barebox.log('error', `bad magic: 0x${magic}`)
    return undefined
  }
}

/** A tree without fragments is an overlay that changes nothing. */
function merge(tree: Fdt, overlay: Fdt): Fdt | undefined {
  const isOverlay = [...overlay.root.children.values()].some(({ children }) => children.has('__overlay__'))
  if (!isOverlay) return tree
  try {
    return applyOverlay(tree, overlay)
  } catch (error) {
    if (error instanceof HilError) return undefined
    throw error
  }
}

/** What barebox wants to tell the kernel and finds no place for. */
async function complain(barebox: Barebox, tree: Fdt): Promise<void> {
  const failed = (what: string, why: string) =>
    barebox.log('warning', `Failed to fixup node in ${what}: ${why}`)
  if (findNode(tree, '/cpus') === undefined) {
    await barebox.log('error', 'psci-of: Cannot find /cpus node, PSCI fixup aborting')
    await failed('of_psci_do_fixup+0x0/0x20', errno.invalid)
  }
  if (findNode(tree, '/flash@0') !== undefined) return
  await barebox.log('error', 'nor0: Cannot find nodepath /flash@0, cannot fixup')
  await failed('mtd_partition_fixup+0x0/0xb4', errno.invalid)
  await failed('of_state_fixup+0x0/0x2dc', errno.noDevice)
}

import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { FitFrom } from '../../build/build-request.ts'
import { chooseDeviceTrees } from '../../build/choose-device-trees.ts'
import { listFiles } from '../../build/sources/list-files.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'
import { toTarget } from '../payload/board-target.ts'

/** What the make of a kernel tree packed for boards. */
export interface PackedByMake {
  readonly from: FitFrom
  /** An archive of the modules, as `modules_install` leaves them; absent where the kernel has none. */
  readonly modules: string | undefined
}

/** A kernel that is about to be built, or was. */
export interface KernelBuild {
  readonly tree: string
  /** `O=` */
  readonly objects: string
  /** As in `ARCH=`. */
  readonly architecture: string
}

/**
 * Whether a board boots what `make image.fit` packs: a FIT, with no other device trees than those of the tree. A FIT
 * for U-Boot has its initramfs in it, so hil makes that itself.
 */
export function takesImageFit(board: BoardSpec, { format, deviceTrees, overlays }: PayloadSettings): boolean {
  const isOfTree = deviceTrees.length === 0 && overlays.length === 0
  return format !== 'files' && isOfTree && toTarget(board).bootloader === 'barebox'
}

/**
 * What to call make for, to have a FIT and an archive of the modules beside it: one after the other, as a `-pkg` builds all
 * that is missing by a make of its own, which would get in the way of another one in the same place.
 *
 * @returns nothing where the tree does not know how: `image.fit` is there since Linux 6.10, for arm64, and
 *   `modules-cpio-pkg` since 6.19
 */
export async function packingTargets({
  tree,
  objects,
  architecture,
}: KernelBuild): Promise<readonly string[]> {
  const config = await readFile(join(objects, '.config'), 'utf8')
  const wanted = [
    ['image.fit', `arch/${architecture}/Makefile`],
    ...(/^CONFIG_MODULES=y$/m.test(config) ? [['modules-cpio-pkg', 'scripts/Makefile.package']] : []),
  ] as const
  for (const [target, makefile] of wanted) {
    const text = await readFile(join(tree, makefile), 'utf8').catch(() => '')
    if (!text.includes(target)) return []
  }
  return wanted.map(([target]) => target)
}

/** What `image.fit` is packed by: a program of Python with the library of dtc. */
export async function canPackFit(): Promise<boolean> {
  const { failed } = await execa('python3', ['-c', 'import libfdt'], { reject: false, stdio: 'ignore' })
  return !failed
}

/** Those of kernels that were built before in the same place. */
export async function removeModuleArchives({ objects }: KernelBuild): Promise<void> {
  for (const name of await readdir(objects)) {
    if (/^modules-.*\.cpio$/.test(name)) await rm(join(objects, name))
  }
}

/** @returns undefined for a board that none of the device trees is for: what its bootloader has would stay, and no FIT can say so */
export async function packedFor(board: BoardSpec, build: KernelBuild): Promise<PackedByMake | undefined> {
  const { objects, architecture } = build
  const boot = join(objects, 'arch', architecture, 'boot')
  const trees = await chooseDeviceTrees(await listFiles(join(boot, 'dts'), '.dtb'), toTarget(board))
  if (trees.length === 0) return undefined
  const release = (await readFile(join(objects, 'include/config/kernel.release'), 'utf8')).trim()
  const modules = join(objects, `modules-${release}-${architecture}.cpio`)
  return {
    from: { fit: join(boot, 'image.fit'), objects },
    modules: existsSync(modules) ? modules : undefined,
  }
}

import { join } from 'node:path'
import { payloadFileName } from '../../build/payload-file.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'

/** What a built kernel tree has in any case. */
const treeFiles = [
  '.config',
  'include/config/kernel.release',
  'modules.order',
  'arch/arm64/boot/Image',
  'arch/arm/boot/zImage',
  'arch/riscv/boot/Image',
  'arch/x86/boot/bzImage',
]

/**
 * The files that a payload is made of, as far as its settings name them: enough to notice that it can be made
 * when that failed. What it is made of in full is known when it is made.
 */
export function payloadRoots(settings: PayloadSettings | undefined): readonly string[] {
  if (settings === undefined) return []
  const { directory, kernelTree, objects = kernelTree, initrd } = settings
  const { debian, deviceTrees, overlays, fit, kernel, busybox, rsinit, modulesFrom } = settings
  const named = [fit, kernel, busybox, rsinit, modulesFrom]
  return [
    ...(directory === undefined ? [] : [join(directory, payloadFileName)]),
    ...(objects === undefined ? [] : treeFiles.map((file) => join(objects, file))),
    ...[...debian, ...deviceTrees, ...overlays, ...(initrd?.files ?? [])],
    ...named.filter((path) => path !== undefined),
  ]
}

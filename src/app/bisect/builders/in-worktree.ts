import { isAbsolute, join, relative } from 'node:path'
import type { PayloadSettings } from '../../../environment/payload-settings.ts'

/** Paths in the person's repository become those in the work tree; all others stay. */
export function inWorktree(settings: PayloadSettings, repository: string, tree: string): PayloadSettings {
  const move = (path: string) => {
    const inside = relative(repository, path)
    return inside.startsWith('..') || isAbsolute(inside) ? path : join(tree, inside)
  }
  const moveIf = (path: string | undefined) => (path === undefined ? undefined : move(path))
  const { initrd } = settings
  return {
    ...settings,
    directory: moveIf(settings.directory),
    kernelTree: moveIf(settings.kernelTree),
    objects: moveIf(settings.objects),
    debian: settings.debian.map(move),
    fit: moveIf(settings.fit),
    kernel: moveIf(settings.kernel),
    deviceTrees: settings.deviceTrees.map(move),
    overlays: settings.overlays.map(move),
    initrd: initrd && { ...initrd, files: initrd.files.map(move) },
    busybox: moveIf(settings.busybox),
    rsinit: moveIf(settings.rsinit),
    modulesFrom: moveIf(settings.modulesFrom),
    files: moveIf(settings.files),
  }
}

import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { PayloadSettings } from '../../environment/payload-settings.ts'

/** Finds the place of a file of the person's tree in the trees that commits are built in. */
export type MovePath = (path: string) => string

/**
 * @param from directories of the person's
 * @param to where the same is to be looked for: the first that has it, else the last
 */
export function pathMover(from: readonly string[], to: readonly string[]): MovePath {
  const roots = from.map(realPath)
  return (path) => {
    const inside = roots
      .map((root) => relative(root, realPath(path)))
      .find((each) => each !== '..' && !each.startsWith(`..${sep}`) && !each.startsWith(sep))
    if (inside === undefined) return path
    const places = to.map((root) => join(root, inside))
    return places.find((place) => existsSync(place)) ?? places.at(-1) ?? path
  }
}

/** A file may not be there yet: what is above of it tells. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPath(parent), path.slice(parent.length))
  }
}

/** All paths of the settings moved, and nothing made: that was done before. */
export function moveSettings(settings: PayloadSettings, move: MovePath): PayloadSettings {
  const optional = (path: string | undefined) => (path === undefined ? undefined : move(path))
  const { initrd } = settings
  return {
    ...settings,
    directory: optional(settings.directory),
    kernelTree: optional(settings.kernelTree),
    objects: optional(settings.objects),
    make: false,
    debian: settings.debian.map(move),
    fit: optional(settings.fit),
    kernel: optional(settings.kernel),
    deviceTrees: settings.deviceTrees.map(move),
    overlays: settings.overlays.map(move),
    initrd: initrd && { ...initrd, files: initrd.files.map(move) },
    busybox: optional(settings.busybox),
    rsinit: optional(settings.rsinit),
    modulesFrom: optional(settings.modulesFrom),
    files: optional(settings.files),
  }
}

import type { InitChoice, KernelFrom, PayloadRequest } from '../../build/build-request.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'
import { toTarget } from './board-target.ts'

/**
 * What to build, from what was said.
 * @param bootargs that become part of the payload
 * @throws HilError `cli.usage` (environment) when nothing is to be built
 */
export function toRequest(
  settings: PayloadSettings,
  {
    output,
    board,
    bootargs,
  }: {
    readonly output: string
    readonly board: BoardSpec | undefined
    readonly bootargs: readonly string[]
  },
): PayloadRequest {
  const init = initOf(settings)
  const { initrd } = settings
  return {
    output,
    from: sourceOf(settings),
    board: board && toTarget(board),
    format: settings.format ?? 'auto',
    deviceTrees: settings.deviceTrees,
    overlays: settings.overlays,
    // With an init of its own the payload is whole: the board's initrd would only stand in its way.
    initrd: initrd ?? { keepsOwn: init === undefined, files: [] },
    init,
    modulesFrom: settings.modulesFrom,
    modules: settings.modules ?? 'all',
    extraModules: settings.extraModules,
    modulesPrefix:
      settings.modulesPrefix ?? (init === undefined ? (process.env['INSTALL_MOD_PATH'] ?? '') : ''),
    rootfs: settings.rootfs,
    files: settings.files,
    bootargs,
    timestamp: Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) || 0,
  }
}

function sourceOf(settings: PayloadSettings): KernelFrom {
  const { kernelTree, objects, make, arch, crossCompile, debian, fit, kernel } = settings
  if (kernelTree !== undefined) {
    const options = make ? { architecture: arch, crossCompile } : undefined
    return { tree: kernelTree, objects, make: options }
  }
  if (debian.length > 0) return { debian }
  if (fit !== undefined) return { fit }
  const { deviceTrees, overlays, initrd, busybox, rsinit, modulesFrom, files } = settings
  const parts = [kernel, initrd, busybox, rsinit, modulesFrom, files, deviceTrees[0], overlays[0]]
  if (parts.some((part) => part !== undefined)) return { kernel }
  throw new HilError(
    'cli.usage',
    'nothing to build a payload from: give --kernel-tree, --debian, --fit, or files (--kernel, --dtb, --initrd)',
    { blame: 'environment' },
  )
}

function initOf({ busybox, rsinit, rsinitBind = 'rsinit.bind_modules' }: PayloadSettings): InitChoice {
  if (rsinit !== undefined) return { rsinit, bindOption: rsinitBind }
  return busybox === undefined ? undefined : { busybox }
}

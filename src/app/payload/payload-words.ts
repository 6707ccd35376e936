import type { PayloadSettings } from '../../environment/payload-settings.ts'

/** The options of a command line that say the same as settings: what `settingsOf` makes settings of. */
export function payloadWords(settings: PayloadSettings): readonly string[] {
  const { initrd } = settings
  return [
    ...option('--payload', settings.directory),
    ...option('--kernel-tree', settings.kernelTree),
    ...option('--objects', settings.objects),
    ...(settings.make ? ['--make'] : []),
    ...option('--arch', settings.arch),
    ...option('--cross-compile', settings.crossCompile),
    ...settings.debian.flatMap((file) => ['--debian', file]),
    ...option('--fit', settings.fit),
    ...option('--kernel', settings.kernel),
    ...settings.deviceTrees.flatMap((file) => ['--dtb', file]),
    ...settings.overlays.flatMap((file) => ['--overlay', file]),
    ...option('--initrd', initrd && [...(initrd.keepsOwn ? [''] : []), ...initrd.files].join(':')),
    ...option('--busybox', settings.busybox),
    ...option('--rsinit', settings.rsinit),
    ...option('--rsinit-bind', settings.rsinitBind),
    ...option('--modules-from', settings.modulesFrom),
    ...option('--modules', settings.modules),
    ...settings.extraModules.flatMap((name) => ['--module', name]),
    ...option('--modules-prefix', settings.modulesPrefix),
    ...option('--rootfs', settings.rootfs),
    ...option('--files', settings.files),
    ...option('--format', settings.format),
  ]
}

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value]
}

import { z } from 'zod'
import { path } from '../../board/option-types.ts'
import { noPayload, type PayloadSettings } from '../payload-settings.ts'

const paths = (description: string) => z.union([path(description), z.array(path(description))])

/** `boot.payload` of a board; the keys are the options of `hil payload build`. */
export const payloadSchema = z
  .strictObject({
    directory: path('A payload made by hil payload build; then no other key is given.').optional(),
    'kernel-tree': path('A built kernel tree: its kernel, device trees and modules.').optional(),
    objects: path('Where the kernel tree was built (O=).').optional(),
    make: z.boolean().describe('Run make in the kernel tree first.').optional(),
    arch: z.string().min(1).describe('ARCH for make.').optional(),
    'cross-compile': z.string().min(1).describe('CROSS_COMPILE for make.').optional(),
    debian: paths('A Debian kernel package: .deb files, or a directory they were unpacked to.').optional(),
    fit: path('A FIT, trimmed to what the board can match.').optional(),
    kernel: path('Kernel image or FIT to netboot.').optional(),
    'device-tree': paths('Device tree blob to boot it with; several for a FIT.').optional(),
    overlay: paths('Device tree overlay (.dtbo, or .dts text) to apply, one or a list.').optional(),
    initrd: z
      .union([
        paths('A ready initrd, or several to be joined.'),
        z.strictObject({ busybox: path('A static busybox for the board, to make an initramfs from.') }),
        z.strictObject({ append: paths("Initrds to append to the board's own.") }),
      ])
      .describe(
        "Path of an initrd, { append: PATH } to add to the board's own, or { busybox: PATH } to let hil make one from a static busybox.",
      )
      .optional(),
    busybox: path('A static busybox: an initramfs is made that loads modules and mounts root=.').optional(),
    rsinit: path('rsinit as a cpio archive: it mounts root= and binds the modules.').optional(),
    'rsinit-bind': z.string().min(1).describe('What tells rsinit to bind the modules.').optional(),
    'modules-from': path('Directory with lib/modules, or a modules-*.cpio.').optional(),
    modules: z
      .enum(['all', 'board', 'none'])
      .describe('Which modules: all, those for root, storage and network of the board, or none.')
      .optional(),
    module: z
      .union([z.string().min(1), z.array(z.string().min(1))])
      .describe('Also this module with what it needs, loaded before root; one or a list.')
      .optional(),
    'modules-prefix': z
      .string()
      .describe('Put modules below PREFIX/lib/modules: usr for merged-/usr initrds.')
      .optional(),
    rootfs: path(
      "The board's root file system, where it is at hand: modules in it that the payload hides are told.",
    ).optional(),
    files: path('Lay the files of this directory over the initramfs.').optional(),
    format: z
      .enum(['auto', 'fit', 'files'])
      .describe('One FIT, or separate files; by default a FIT where barebox can match one.')
      .optional(),
  })
  .superRefine((payload, context) => {
    const sources = (['directory', 'kernel-tree', 'debian', 'fit', 'kernel'] as const).filter(
      (key) => payload[key] !== undefined,
    )
    const second = sources[1]
    if (second !== undefined) {
      const message = `${sources.map((key) => `"${key}"`).join(' and ')} exclude each other: the kernel comes from one place`
      context.addIssue({ code: 'custom', path: [second], message })
    }
    if (payload.rsinit !== undefined && busyboxOf(payload) !== undefined) {
      const message = '"rsinit" and a busybox exclude each other: there is one init'
      context.addIssue({ code: 'custom', path: ['rsinit'], message })
    }
  })
  .describe("What to netboot in place of what the board has; absent parts are the board's own.")

type PayloadOptions = z.output<typeof payloadSchema>

export function payloadSettings(options: PayloadOptions): PayloadSettings {
  const { initrd } = options
  return {
    ...noPayload,
    directory: options.directory,
    kernelTree: options['kernel-tree'],
    debian: list(options.debian),
    fit: options.fit,
    kernel: options.kernel,
    objects: options.objects,
    make: options.make ?? false,
    arch: options.arch,
    crossCompile: options['cross-compile'],
    deviceTrees: list(options['device-tree']),
    overlays: list(options.overlay),
    initrd:
      typeof initrd === 'string' || Array.isArray(initrd)
        ? { keepsOwn: false, files: list(initrd) }
        : initrd !== undefined && 'append' in initrd
          ? { keepsOwn: true, files: list(initrd.append) }
          : undefined,
    busybox: busyboxOf(options),
    rsinit: options.rsinit,
    rsinitBind: options['rsinit-bind'],
    modulesFrom: options['modules-from'],
    modules: options.modules,
    extraModules: list(options.module),
    modulesPrefix: options['modules-prefix'],
    rootfs: options.rootfs,
    files: options.files,
    format: options.format,
  }
}

/** The settings as an environment spells them. */
export function presentPayload(settings: PayloadSettings): object {
  const { initrd } = settings
  return {
    directory: settings.directory,
    'kernel-tree': settings.kernelTree,
    objects: settings.objects,
    make: settings.make || undefined,
    arch: settings.arch,
    'cross-compile': settings.crossCompile,
    debian: unlessEmpty(settings.debian),
    fit: settings.fit,
    kernel: settings.kernel,
    'device-tree': unlessEmpty(settings.deviceTrees),
    overlay: unlessEmpty(settings.overlays),
    initrd:
      initrd === undefined
        ? undefined
        : initrd.keepsOwn
          ? { append: initrd.files }
          : unlessEmpty(initrd.files),
    busybox: settings.busybox,
    rsinit: settings.rsinit,
    'rsinit-bind': settings.rsinitBind,
    'modules-from': settings.modulesFrom,
    modules: settings.modules,
    module: unlessEmpty(settings.extraModules),
    'modules-prefix': settings.modulesPrefix,
    rootfs: settings.rootfs,
    files: settings.files,
    format: settings.format,
  }
}

function busyboxOf({ busybox, initrd }: Pick<PayloadOptions, 'busybox' | 'initrd'>): string | undefined {
  return busybox ?? (typeof initrd === 'object' && 'busybox' in initrd ? initrd.busybox : undefined)
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

function unlessEmpty(values: readonly string[]): string | readonly string[] | undefined {
  return values.length > 1 ? values : values[0]
}

import type { Options } from 'yargs'
import type { PayloadArguments } from '../app/payload/arguments.ts'
import { once } from './shared-options.ts'

const group = 'What to boot:'

/** What the kernel, its device tree, its modules and its initramfs are, for all commands that boot or build. */
export const payloadOptions = {
  'kernel-tree': text('kernel-tree', 'Take kernel, device trees and modules from this built kernel tree'),
  objects: text('objects', 'Where the tree was built, as in O='),
  make: { group, type: 'boolean', description: 'Run make in the kernel tree first' },
  arch: text('arch', 'ARCH for make'),
  'cross-compile': text('cross-compile', 'CROSS_COMPILE for make'),
  debian: list('Take them from this Debian kernel package (.deb, or a directory it was unpacked to)'),
  fit: text('fit', 'Take them from this FIT, trimmed to what the board can match'),
  kernel: text('kernel', 'Kernel image'),
  dtb: list('Device tree; repeatable for a FIT'),
  overlay: list('Device tree overlay (.dtbo, or .dts text) to apply; repeatable'),
  initrd: text('initrd', "Initrds joined by ':'; with a ':' in front they are appended to the board's own"),
  busybox: text('busybox', 'Static busybox: an initramfs is made that loads modules and mounts root='),
  rsinit: text('rsinit', 'rsinit as a cpio archive: it mounts root= and binds the modules'),
  'rsinit-bind': {
    ...text('rsinit-bind', 'What tells rsinit to bind the modules (old ones: rsinit.bind=/lib/modules)'),
    defaultDescription: 'rsinit.bind_modules',
  },
  'modules-from': text('modules-from', 'Directory with lib/modules, or a modules-*.cpio'),
  modules: {
    group,
    type: 'string',
    choices: ['all', 'board', 'none'] as const,
    defaultDescription: 'all',
    requiresArg: true,
    description: 'Which modules: all, those for root, storage and network of the board, or none',
  },
  module: list('Also this module with what it needs, loaded before root; repeatable'),
  'modules-prefix': text(
    'modules-prefix',
    'Put modules below PREFIX/lib/modules: usr for merged-/usr initrds (default: INSTALL_MOD_PATH)',
  ),
  rootfs: text(
    'rootfs',
    "The board's root file system, where it is at hand: modules in it that the payload hides are told",
  ),
  files: text('files', 'Lay the files of this directory over the initramfs'),
  bootargs: list("Add to the kernel's command line; repeatable"),
  format: {
    group,
    type: 'string',
    choices: ['auto', 'fit', 'files'] as const,
    defaultDescription: 'auto',
    requiresArg: true,
    description: 'One FIT, or separate files; by default a FIT where barebox can match one',
  },
} as const satisfies Readonly<Record<string, Options>>

/** For the commands that boot: also a payload made before, and what is wrong with one can be passed over. */
export const bootedPayloadOptions = {
  payload: text('payload', 'Boot the payload that hil payload build has made in this directory'),
  ...payloadOptions,
  force: { group, type: 'boolean', description: 'Boot in spite of errors that the check has found' },
} as const satisfies Readonly<Record<string, Options>>

/** The options out of all that a command was given. */
export function payloadArguments(args: PayloadArguments): PayloadArguments {
  return {
    payload: args.payload,
    kernelTree: args.kernelTree,
    objects: args.objects,
    make: args.make,
    arch: args.arch,
    crossCompile: args.crossCompile,
    debian: args.debian,
    fit: args.fit,
    kernel: args.kernel,
    dtb: args.dtb,
    overlay: args.overlay,
    initrd: args.initrd,
    busybox: args.busybox,
    rsinit: args.rsinit,
    rsinitBind: args.rsinitBind,
    modulesFrom: args.modulesFrom,
    modules: args.modules,
    module: args.module,
    modulesPrefix: args.modulesPrefix,
    rootfs: args.rootfs,
    files: args.files,
    bootargs: args.bootargs,
    format: args.format,
  }
}

function text(name: string, description: string) {
  return { group, type: 'string', requiresArg: true, description, coerce: once(`--${name}`) } as const
}

function list(description: string) {
  return { group, type: 'string', array: true, nargs: 1, description } as const
}

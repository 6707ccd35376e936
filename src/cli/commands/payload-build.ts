import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'

export const payloadBuild = defineCommand({
  positionals: {},
  options: {
    output: {
      ...text('output', 'Directory that becomes the payload'),
      alias: 'o',
      demandOption: true,
    },
    env: text('env', 'Environment with the board that it is for'),
    board: text('board', 'Board of the environment, where there are several'),
    'kernel-tree': text('kernel-tree', 'Take kernel, device trees and modules from this built kernel tree'),
    objects: text('objects', 'Where the tree was built, as in O='),
    make: { type: 'boolean', description: 'Run make in the kernel tree first' },
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
      type: 'string',
      default: 'rsinit.bind_modules',
      defaultDescription: 'rsinit.bind_modules',
      requiresArg: true,
      description: 'What tells rsinit to bind the modules (old ones: rsinit.bind=/lib/modules)',
      coerce: once('--rsinit-bind'),
    },
    'modules-from': text('modules-from', 'Directory with lib/modules, or a modules-*.cpio'),
    modules: {
      type: 'string',
      choices: ['all', 'board', 'none'] as const,
      default: 'all' as const,
      defaultDescription: 'all',
      requiresArg: true,
      description: 'Which modules: all, those for root, storage and network of the board, or none',
    },
    module: list('Also this module with what it needs, loaded before root; repeatable'),
    'modules-prefix': text(
      'modules-prefix',
      'Put modules below PREFIX/lib/modules: usr for merged-/usr initrds (default: INSTALL_MOD_PATH)',
    ),
    files: text('files', 'Lay the files of this directory over the initramfs'),
    bootargs: list("Add to the kernel's command line; repeatable"),
    format: {
      type: 'string',
      choices: ['auto', 'fit', 'files'] as const,
      default: 'auto' as const,
      defaultDescription: 'auto',
      requiresArg: true,
      description: 'One FIT, or separate files; by default a FIT where barebox can match one',
    },
    devboot: text('devboot', "Also write barebox's devboot script, for USER:HOSTNAME"),
  },
  examples: [
    ['hil payload build --kernel-tree ~/linux --env rock3a -o out', 'what was built, for one board'],
    [
      'hil payload build --debian linux-image-6.12-arm64.deb --busybox busybox --modules board -o out',
      'a Debian kernel that mounts an untouched root',
    ],
    ['hil payload build --kernel Image --initrd :modules.cpio.gz -o out', 'loose files'],
  ],
  async run(args) {
    const { buildPayloadCommand } = await import('../../app/payload/build.ts')
    return buildPayloadCommand({
      output: args.output,
      env: args.env,
      board: args.board,
      kernelTree: args.kernelTree,
      objects: args.objects,
      make: args.make ?? false,
      arch: args.arch,
      crossCompile: args.crossCompile,
      debian: args.debian ?? [],
      fit: args.fit,
      kernel: args.kernel,
      dtb: args.dtb ?? [],
      overlay: args.overlay ?? [],
      initrd: args.initrd,
      busybox: args.busybox,
      rsinit: args.rsinit,
      rsinitBind: args.rsinitBind,
      modulesFrom: args.modulesFrom,
      modules: args.modules,
      module: args.module ?? [],
      modulesPrefix: args.modulesPrefix,
      files: args.files,
      bootargs: args.bootargs ?? [],
      format: args.format,
      devboot: args.devboot,
    })
  },
})

function text(name: string, description: string) {
  return { type: 'string', requiresArg: true, description, coerce: once(`--${name}`) } as const
}

function list(description: string) {
  return { type: 'string', array: true, nargs: 1, description } as const
}

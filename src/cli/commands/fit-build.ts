import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'

export const fitBuild = defineCommand({
  positionals: {
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      description: 'Device trees, or directories with device trees',
    },
  },
  options: {
    kernel: {
      type: 'string',
      alias: 'k',
      demandOption: true,
      requiresArg: true,
      description: 'Kernel image',
      coerce: once('--kernel'),
    },
    output: {
      type: 'string',
      alias: 'o',
      demandOption: true,
      requiresArg: true,
      description: 'The FIT to write',
      coerce: once('--output'),
    },
    ramdisk: {
      type: 'string',
      array: true,
      nargs: 1,
      description: 'A ramdisk for all configurations; repeatable',
    },
    compress: {
      type: 'string',
      choices: ['gzip', 'none'] as const,
      default: 'gzip' as const,
      defaultDescription: 'gzip',
      requiresArg: true,
      description: 'How kernel and device trees are compressed',
    },
    hash: {
      type: 'string',
      array: true,
      nargs: 1,
      choices: ['crc32', 'md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const,
      description: 'Protect each image with this hash; repeatable',
    },
    arch: {
      type: 'string',
      requiresArg: true,
      description: "Architecture in the words of FIT; by default the kernel's",
      coerce: once('--arch'),
    },
  },
  examples: [
    [
      'hil fit build -k Image -o image.fit board.dtb --ramdisk modules.cpio.gz',
      'kernel, device tree, modules',
    ],
    ['hil fit build -k Image -o image.fit dtbs/ --hash sha256', 'a FIT for all boards, with hashes'],
  ],
  epilogue: () =>
    'SOURCE_DATE_EPOCH becomes the timestamp (0 without it): the same inputs give the same bytes.',
  async run(args) {
    const { buildFitCommand } = await import('../../app/fit/build.ts')
    return buildFitCommand({
      output: args.output,
      kernel: args.kernel,
      deviceTrees: args.files,
      ramdisks: args.ramdisk ?? [],
      compression: args.compress,
      hashes: args.hash ?? [],
      architecture: args.arch,
    })
  },
})

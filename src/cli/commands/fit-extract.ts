import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'

export const fitExtract = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, description: 'A FIT image' },
    images: { type: 'string', array: true, description: 'Names of images; by default all', default: [] },
  },
  options: {
    output: {
      type: 'string',
      alias: 'o',
      default: '.',
      defaultDescription: 'here',
      requiresArg: true,
      description: 'Directory to write to',
      coerce: once('--output'),
    },
    raw: { type: 'boolean', description: 'As they are stored, without unpacking' },
  },
  examples: [['hil fit extract image.fit kernel fdt-1 -o parts', 'unpack two images into parts/']],
  async run({ file, images, output, raw }) {
    const { extractFitCommand } = await import('../../app/fit/extract.ts')
    return extractFitCommand({ file, images, output, raw: raw ?? false })
  },
})

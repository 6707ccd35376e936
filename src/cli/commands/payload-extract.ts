import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'

export const payloadExtract = defineCommand({
  positionals: {
    path: { type: 'string', demandOption: true, description: 'A payload, or an initramfs' },
    files: {
      type: 'string',
      array: true,
      description: 'Files and directories of the initramfs; by default all',
      default: [],
    },
  },
  options: {
    output: {
      type: 'string',
      alias: 'o',
      demandOption: true,
      requiresArg: true,
      description: 'Directory to write to, empty or new',
      coerce: once('--output'),
    },
  },
  examples: [['hil payload extract out /init /usr/lib/modules -o initramfs', 'see what a payload brings']],
  async run({ path, files, output }) {
    const { extractPayloadCommand } = await import('../../app/payload/extract.ts')
    return extractPayloadCommand({ path, files, output })
  },
})

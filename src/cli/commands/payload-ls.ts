import { defineCommand } from '../command.ts'

export const payloadLs = defineCommand({
  positionals: {
    path: { type: 'string', demandOption: true, description: 'A payload, or an initramfs' },
  },
  options: {},
  examples: [['hil payload ls out', 'list artifacts, and the initramfs as the kernel unpacks it']],
  async run({ path }) {
    const { listPayloadCommand } = await import('../../app/payload/list.ts')
    return listPayloadCommand(path)
  },
})

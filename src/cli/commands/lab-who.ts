import { defineCommand } from '../command.ts'

export const labWho = defineCommand({
  positionals: {},
  options: {},
  examples: [['hil lab who', 'See who uses, holds or waits for boards on this host, and what for']],
  async run() {
    const { whoCommand } = await import('../../app/lab/status.ts')
    return whoCommand()
  },
})

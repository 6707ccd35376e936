import { defineCommand } from '../command.ts'

export const labWho = defineCommand({
  positionals: {},
  options: { json: { type: 'boolean', description: 'Print it as JSON' } },
  examples: [['hil lab who', 'See who uses, holds or waits for boards on this host, and what for']],
  async run({ json = false }) {
    const { whoCommand } = await import('../../app/lab/status.ts')
    return whoCommand({ json })
  },
})

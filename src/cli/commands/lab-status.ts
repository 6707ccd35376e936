import { defineCommand } from '../command.ts'
import { environmentOption } from '../shared-options.ts'

export const labStatus = defineCommand({
  positionals: {
    boards: { type: 'string', array: true, description: 'Boards of the environment; all if absent' },
  },
  options: {
    env: environmentOption,
    json: { type: 'boolean', description: 'Print it as JSON' },
  },
  examples: [['hil lab status --env lab', 'See which boards are free, who has the others, and who waits']],
  async run({ env, boards = [], json = false }) {
    const { statusCommand } = await import('../../app/lab/status.ts')
    return statusCommand({ env, boards, json })
  },
})

import { attendedPositionals } from '../attended-options.ts'
import { defineCommand } from '../command.ts'
import { environmentOption } from '../shared-options.ts'

export const labUnlock = defineCommand({
  positionals: attendedPositionals,
  options: {
    env: environmentOption,
    force: { type: 'boolean', description: "End another person's hold as well" },
  },
  examples: [['hil lab unlock rock3a --env lab', 'Give back a board that was held or locked']],
  async run({ board, env, force = false }) {
    const { unlockCommand } = await import('../../app/lab/hold.ts')
    return unlockCommand({ env, board, tags: [], force })
  },
})

import { attendedPositionals } from '../attended-options.ts'
import { defineCommand } from '../command.ts'
import { holdOptions } from '../lab-options.ts'
import { queueing } from '../shared-options.ts'

export const labLock = defineCommand({
  positionals: attendedPositionals,
  options: holdOptions,
  examples: [['hil lab lock rock3a --env lab', 'Take a board out of use until it is unlocked']],
  async run({ board, tag: tags = [], env, foreground = false, ...args }) {
    const { holdCommand } = await import('../../app/lab/hold.ts')
    return holdCommand({ env, board, tags, timeMs: undefined, queueing: queueing(args), foreground })
  },
})

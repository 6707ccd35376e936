import { attendedPositionals } from '../attended-options.ts'
import { defineCommand } from '../command.ts'
import { environmentOption, queueing, queueOptions } from '../shared-options.ts'

export const labReturn = defineCommand({
  positionals: attendedPositionals,
  options: { env: environmentOption, ...queueOptions },
  examples: [['hil lab return rock3a --env lab', 'Give a board back to all that was mended']],
  async run({ board, env, ...args }) {
    const { returnCommand } = await import('../../app/lab/return.ts')
    return returnCommand({ env, board, tags: [], queueing: queueing(args) })
  },
})

import { attendedPositionals } from '../attended-options.ts'
import { defineCommand } from '../command.ts'
import { holdOptions } from '../lab-options.ts'
import { durationMs, queueing } from '../shared-options.ts'

export const labHold = defineCommand({
  positionals: {
    time: {
      type: 'string',
      demandOption: true,
      description: 'How long, e.g. 2h',
      coerce: durationMs('the time to hold a board'),
    },
    ...attendedPositionals,
  },
  options: holdOptions,
  examples: [['hil lab hold 2h rock3a --env lab', 'Have a board to yourself: your own commands may use it']],
  async run({ time, board, tag: tags = [], env, foreground = false, ...args }) {
    const { holdCommand } = await import('../../app/lab/hold.ts')
    return holdCommand({ env, board, tags, timeMs: time, queueing: queueing(args), foreground })
  },
})

import { defineCommand } from '../command.ts'
import { questionOptions, toQuestion } from './history-options.ts'

export const historySplats = defineCommand({
  positionals: {},
  options: questionOptions('7d'),
  examples: [
    [
      'hil history splats --since 24h',
      'What kernels complain about since yesterday that they never did before',
    ],
  ],
  async run(args) {
    const { splatsCommand } = await import('../../app/history/answer-commands.ts')
    return splatsCommand(toQuestion(args))
  },
})

import { defineCommand } from '../command.ts'
import { questionOptions, toQuestion } from './history-options.ts'

export const historyTests = defineCommand({
  positionals: {},
  options: questionOptions(),
  examples: [['hil history tests --board rock3a', 'How reliable each test is on a board']],
  async run(args) {
    const { testsCommand } = await import('../../app/history/answer-commands.ts')
    return testsCommand(toQuestion(args))
  },
})

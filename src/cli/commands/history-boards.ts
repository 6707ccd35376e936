import { defineCommand } from '../command.ts'
import { questionOptions, toQuestion } from './history-options.ts'

export const historyBoards = defineCommand({
  positionals: {},
  options: questionOptions(),
  examples: [['hil history boards --since 30d', 'Which bench needs a new cable']],
  async run(args) {
    const { boardsCommand } = await import('../../app/history/answer-commands.ts')
    return boardsCommand(toQuestion(args))
  },
})

import { defineCommand } from '../command.ts'
import { questionOptions, toQuestion } from './history-options.ts'

export const historyBoot = defineCommand({
  positionals: {},
  options: questionOptions(),
  examples: [['hil history boot --since 30d', 'Whether boots became slower, and which stage did']],
  async run(args) {
    const { bootTimesCommand } = await import('../../app/history/answer-commands.ts')
    return bootTimesCommand(toQuestion(args))
  },
})

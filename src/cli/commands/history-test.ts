import { defineCommand } from '../command.ts'
import { wholeNumber } from '../shared-options.ts'
import { questionOptions, toQuestion } from './history-options.ts'

export const historyTest = defineCommand({
  positionals: {
    test: { type: 'string', demandOption: true, description: 'A part of its title or file, in any case' },
  },
  options: {
    ...questionOptions(),
    limit: {
      type: 'string',
      default: '10',
      defaultDescription: '10',
      requiresArg: true,
      description: 'How many of the last results to list',
      coerce: wholeNumber('--limit', 0),
    },
  },
  examples: [["hil history test 'reaches userspace'", 'Since when it fails, and with which kernel']],
  async run({ test, limit, ...args }) {
    const { testCommand } = await import('../../app/history/answer-commands.ts')
    return testCommand({ ...toQuestion(args), test, limit })
  },
})

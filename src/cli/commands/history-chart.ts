import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'
import { questionOptions, toQuestion } from './history-options.ts'

const { json: _json, ...options } = questionOptions()

export const historyChart = defineCommand({
  positionals: {},
  options: {
    ...options,
    output: {
      alias: 'o',
      type: 'string',
      default: 'boot-time.html',
      defaultDescription: 'boot-time.html',
      requiresArg: true,
      description: 'Where to write it',
      coerce: once('--output'),
    },
  },
  examples: [['hil history chart -o boot-time.html', 'Draw the boot times of all boards']],
  async run({ output, ...args }) {
    const { chartCommand } = await import('../../app/history/chart-command.ts')
    return chartCommand({ ...toQuestion({ ...args, json: false }), output })
  },
})

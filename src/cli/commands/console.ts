import { defineCommand } from '../command.ts'
import { environmentOption, once, reportDirectoryOption } from '../shared-options.ts'

export const console = defineCommand({
  positionals: {
    board: { type: 'string', description: 'A board of the environment; not needed where there is only one' },
  },
  options: {
    env: environmentOption,
    state: {
      type: 'string',
      requiresArg: true,
      description: 'Bring the board to this state first; without it nothing is switched',
      coerce: once('--state'),
    },
    keep: {
      type: 'boolean',
      description: 'Leave the board as it is afterwards',
    },
    'report-dir': reportDirectoryOption,
  },
  examples: [
    ['hil console --env rock3a', 'Look at a board; leave with Ctrl-]'],
    ['hil console --env virt-uboot --state shell', 'Boot it and have its shell'],
  ],
  async run({ board, env, state, keep, reportDir }) {
    const { consoleCommand } = await import('../../app/console.ts')
    return consoleCommand({
      board,
      env,
      state,
      keep: keep ?? false,
      reportRoot: reportDir,
    })
  },
})

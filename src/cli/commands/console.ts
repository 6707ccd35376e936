import { attendedOptions, attendedPositionals, stateOption } from '../attended-options.ts'
import { defineCommand } from '../command.ts'
import { queueing } from '../shared-options.ts'

export const console = defineCommand({
  positionals: attendedPositionals,
  options: {
    ...attendedOptions,
    state: stateOption('Bring the board to this state first; without it nothing is switched'),
    keep: { type: 'boolean', description: 'Leave the board as it is afterwards' },
    watch: {
      type: 'boolean',
      description: 'Only look at it, while a run has it',
      conflicts: ['state', 'keep', 'wait', 'tag'],
    },
  },
  examples: [
    ['hil console --env rock3a', 'Look at a board; leave with Ctrl-]'],
    ['hil console --env virt-uboot --state shell', 'Boot it and have its shell'],
    ['hil console --env rock3a --watch', "Look over the shoulder of somebody's run"],
  ],
  async run({ board, tag: tags = [], env, state, keep, reportDir, watch, ...args }) {
    if (watch === true) {
      const { spectateCommand } = await import('../../app/spectate/spectate.ts')
      return spectateCommand({ board, env })
    }
    const { consoleCommand } = await import('../../app/attended/console.ts')
    return consoleCommand({
      board,
      tags,
      env,
      state,
      keep: keep ?? false,
      reportRoot: reportDir,
      queueing: queueing(args),
    })
  },
})

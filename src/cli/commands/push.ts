import { defineCommand } from '../command.ts'
import {
  environmentOption,
  once,
  oneBoardTagOption,
  queueing,
  queueOptions,
  reportDirectoryOption,
} from '../shared-options.ts'

export const push = defineCommand({
  positionals: {
    modules: {
      type: 'string',
      array: true,
      demandOption: true,
      description: 'Kernel modules (.ko), those that need each other in any order',
    },
  },
  options: {
    env: environmentOption,
    board: {
      type: 'string',
      requiresArg: true,
      description: 'A board of the environment; not needed where there is only one',
      coerce: once('--board'),
    },
    tag: oneBoardTagOption,
    state: {
      type: 'string',
      requiresArg: true,
      description: 'Bring the board to this state first; without it, it has to be at a shell',
      coerce: once('--state'),
    },
    ...queueOptions,
    'report-dir': reportDirectoryOption,
  },
  examples: [
    [
      'hil push drivers/usb/foo/foo.ko --env rock3a',
      'Try the driver that you have just built, without a boot',
    ],
    [
      'hil push foo.ko --env virt-uboot --state shell',
      'Boot first: an emulated board is off between commands',
    ],
  ],
  async run({ modules, env, board, tag: tags = [], state, reportDir, ...args }) {
    const { pushCommand } = await import('../../app/push/push.ts')
    return pushCommand({ modules, env, board, tags, state, reportRoot: reportDir, queueing: queueing(args) })
  },
})

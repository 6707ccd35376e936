import { defineCommand } from '../command.ts'
import { bootedPayloadOptions, payloadArguments } from '../payload-options.ts'
import { environmentOption, once, reportDirectoryOption } from '../shared-options.ts'

export const boot = defineCommand({
  positionals: {
    board: { type: 'string', description: 'A board of the environment; not needed where there is only one' },
  },
  options: {
    env: environmentOption,
    state: {
      type: 'string',
      default: 'shell',
      defaultDescription: 'shell',
      requiresArg: true,
      description: 'Where to bring the board and to leave it',
      coerce: once('--state'),
    },
    console: { type: 'boolean', description: "Then hand the board's console to this terminal" },
    'report-dir': reportDirectoryOption,
    ...bootedPayloadOptions,
  },
  examples: [
    ['hil boot --env rock3a --kernel-tree ~/linux', 'Boot the kernel you have just built, and prove it'],
    ['hil boot --env rock3a --payload out --console', 'Boot a payload and have its shell'],
    ["hil boot --env virt-uboot --bootargs 'initcall_debug' --state linux", 'Add to the command line'],
  ],
  async run(args) {
    const { bootCommand } = await import('../../app/boot.ts')
    return bootCommand({
      board: args.board,
      env: args.env,
      state: args.state,
      console: args.console ?? false,
      reportRoot: args.reportDir,
      payload: payloadArguments(args),
      force: args.force ?? false,
    })
  },
})

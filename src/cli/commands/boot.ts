import { attendedOptions, attendedPositionals, stateOption } from '../attended-options.ts'
import { defineCommand } from '../command.ts'
import { bootedPayloadOptions, payloadArguments } from '../payload-options.ts'
import { queueing } from '../shared-options.ts'

export const boot = defineCommand({
  positionals: attendedPositionals,
  options: {
    ...attendedOptions,
    state: {
      ...stateOption('Where to bring the board and to leave it'),
      default: 'shell',
      defaultDescription: 'shell',
    },
    console: { type: 'boolean', description: "Then hand the board's console to this terminal" },
    ...bootedPayloadOptions,
  },
  examples: [
    ['hil boot --env rock3a --kernel-tree ~/linux', 'Boot the kernel you have just built, and prove it'],
    ['hil boot --env rock3a --payload out --console', 'Boot a payload and have its shell'],
    ["hil boot --env virt-uboot --bootargs 'initcall_debug' --state linux", 'Add to the command line'],
  ],
  async run(args) {
    const { bootCommand } = await import('../../app/attended/boot.ts')
    return bootCommand({
      board: args.board,
      tags: args.tag ?? [],
      env: args.env,
      state: args.state,
      console: args.console ?? false,
      reportRoot: args.reportDir,
      queueing: queueing(args),
      payload: payloadArguments(args),
      force: args.force ?? false,
    })
  },
})

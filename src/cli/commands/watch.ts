import { defineCommand } from '../command.ts'
import { bootedPayloadOptions, payloadArguments } from '../payload-options.ts'
import { specArguments, specOptions, specPositionals } from '../spec-options.ts'

export const watch = defineCommand({
  positionals: specPositionals,
  options: { ...specOptions, ...bootedPayloadOptions },
  examples: [
    ['hil watch tests/boot.spec.ts --env rock3a --kernel-tree ~/linux', 'Test every kernel that you build'],
    ['hil watch tests/usb.spec.ts --env lab.yaml', 'Test every version of a spec; nothing is booted for it'],
  ],
  async run(args) {
    const { watchCommand } = await import('../../app/watch/watch.ts')
    return watchCommand({
      ...specArguments(args),
      payload: payloadArguments(args),
      force: args.force ?? false,
    })
  },
})

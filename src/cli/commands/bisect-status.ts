import { bisectionDirectoryOptions, bisectionPositionals } from '../bisect-options.ts'
import { defineCommand } from '../command.ts'

export const bisectStatus = defineCommand({
  positionals: bisectionPositionals,
  options: bisectionDirectoryOptions,
  examples: [['hil bisect status', 'Tell how the last bisection stands']],
  async run(args) {
    const { statusCommand } = await import('../../app/bisect/status.ts')
    return statusCommand({ directory: args.directory, reportRoot: args.reportDir })
  },
})

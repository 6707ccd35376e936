import { bisectionDirectoryOptions, bisectionPositionals } from '../bisect-options.ts'
import { defineCommand } from '../command.ts'

export const bisectLog = defineCommand({
  positionals: bisectionPositionals,
  options: bisectionDirectoryOptions,
  examples: [['hil bisect log > log; git bisect replay log', 'Go on by hand, with git alone']],
  async run(args) {
    const { logCommand } = await import('../../app/bisect/log.ts')
    return logCommand({ directory: args.directory, reportRoot: args.reportDir })
  },
})

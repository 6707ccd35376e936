import { bisectionDirectoryOptions, bisectionPositionals } from '../bisect-options.ts'
import { defineCommand } from '../command.ts'

export const bisectReport = defineCommand({
  positionals: bisectionPositionals,
  options: bisectionDirectoryOptions,
  examples: [['hil bisect report > mail.txt', 'Have the mail that tells of it; nothing is sent']],
  async run(args) {
    const { reportCommand } = await import('../../app/bisect/report.ts')
    return reportCommand({ directory: args.directory, reportRoot: args.reportDir })
  },
})

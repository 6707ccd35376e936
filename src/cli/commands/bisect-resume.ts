import { bisectionDirectoryOptions, bisectionPositionals } from '../bisect-options.ts'
import { defineCommand } from '../command.ts'

export const bisectResume = defineCommand({
  positionals: bisectionPositionals,
  options: bisectionDirectoryOptions,
  examples: [['hil bisect resume', 'Go on with the last bisection']],
  async run(args) {
    const { resumeCommand } = await import('../../app/bisect/resume.ts')
    return resumeCommand({ directory: args.directory, reportRoot: args.reportDir })
  },
})

import { bisectionDirectoryOptions, bisectionPositionals } from '../bisect-options.ts'
import { defineCommand } from '../command.ts'
import { queueing, queueOptions } from '../shared-options.ts'

export const bisectResume = defineCommand({
  positionals: bisectionPositionals,
  options: { ...bisectionDirectoryOptions, ...queueOptions },
  examples: [['hil bisect resume', 'Go on with the last bisection']],
  async run(args) {
    const { resumeCommand } = await import('../../app/bisect/resume.ts')
    return resumeCommand({ directory: args.directory, reportRoot: args.reportDir }, queueing(args))
  },
})

import { defineCommand } from '../command.ts'
import { reportDirectoryOption } from '../shared-options.ts'

export const nightlyResume = defineCommand({
  positionals: {
    directory: { type: 'string', description: 'Directory of the night; by default the last one' },
  },
  options: { 'report-dir': reportDirectoryOption },
  examples: [['hil nightly resume', 'Go on with the last night']],
  async run(args) {
    const { resumeNightCommand } = await import('../../app/nightly/nightly.ts')
    return resumeNightCommand({ directory: args.directory, reportRoot: args.reportDir })
  },
})

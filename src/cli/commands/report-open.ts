import { defineCommand } from '../command.ts'
import { reportDirectoryOption } from '../shared-options.ts'

export const reportOpen = defineCommand({
  positionals: {
    directory: {
      type: 'string',
      description: 'The directory that a run left; by default that of the last run',
    },
  },
  options: { 'report-dir': reportDirectoryOption },
  examples: [['hil report open', "See the last run's report"]],
  async run({ directory, reportDir }) {
    const { openReport } = await import('../../app/report/report-open.ts')
    const { latestReport } = await import('../../app/report/reports.ts')
    return openReport(directory ?? latestReport(reportDir))
  },
})

import { defineCommand } from '../command.ts'
import { reportDirectoryOption } from '../shared-options.ts'

export const reportPath = defineCommand({
  positionals: {},
  options: { 'report-dir': reportDirectoryOption },
  examples: [['less "$(hil report path)/console.log"', "Read the last run's console"]],
  async run({ reportDir }) {
    const { printLatestReport } = await import('../../app/report/reports.ts')
    return printLatestReport(reportDir)
  },
})

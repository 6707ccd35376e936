import { reporterNames } from '../../app/report/reporter-names.ts'
import { defineCommand } from '../command.ts'

export const reportMake = defineCommand({
  positionals: {
    directory: { type: 'string', demandOption: true, description: 'The directory that a run left' },
  },
  options: {
    format: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: 'all files of a report',
      description: `Make this instead: ${reporterNames.join(', ')}; NAME=FILE writes to a file; repeatable`,
    },
  },
  examples: [
    ['hil report make reports/latest', 'Write report.html, junit.xml, summary.json and console.log anew'],
    ['hil report make reports/latest --format kcidb=kcidb.json', 'What KernelCI takes'],
    ['hil report make reports/latest --format asciicast=boot.cast', 'The console, for asciinema play'],
  ],
  async run({ directory, format }) {
    const { remakeReport } = await import('../../app/report/reports.ts')
    return remakeReport(directory, format)
  },
})

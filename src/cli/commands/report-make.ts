import { defineCommand } from '../command.ts'

export const reportMake = defineCommand({
  positionals: {
    directory: { type: 'string', demandOption: true, description: 'The directory that a run left' },
  },
  options: {},
  examples: [['hil report make reports/latest', 'Write junit.xml, summary.json and console.log anew']],
  async run({ directory }) {
    const { remakeReport } = await import('../../app/reports.ts')
    return remakeReport(directory)
  },
})

import { defineCommand } from '../command.ts'
import { outputOption } from '../report-options.ts'

export const reportMerge = defineCommand({
  positionals: {
    directories: {
      type: 'string',
      array: true,
      demandOption: true,
      description: 'Directories that runs left',
    },
  },
  options: { output: outputOption },
  examples: [
    ['hil report merge reports/*', 'Tests by boards, of all runs that are there'],
    ['hil report merge shard-*/reports/latest -o overview.html', 'A page for CI, with links to the reports'],
  ],
  async run({ directories, output }) {
    const { mergeReports } = await import('../../app/report/report-merge.ts')
    return mergeReports({ directories, output })
  },
})

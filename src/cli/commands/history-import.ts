import { defineCommand } from '../command.ts'
import { reportDirectoryOption } from '../shared-options.ts'

export const historyImport = defineCommand({
  positionals: {
    directories: {
      type: 'string',
      array: true,
      description: 'Directories of runs, or of several; without any: what could not be imported before',
    },
  },
  options: { 'report-dir': reportDirectoryOption },
  examples: [['hil history import reports', 'Take in all runs there are']],
  async run({ directories, reportDir }) {
    const { importCommand } = await import('../../app/history/import-command.ts')
    return importCommand(directories ?? [], reportDir)
  },
})

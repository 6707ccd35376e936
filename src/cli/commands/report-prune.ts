import { defineCommand } from '../command.ts'
import { durationMs, reportDirectoryOption } from '../shared-options.ts'

export const reportPrune = defineCommand({
  positionals: {},
  options: {
    'report-dir': reportDirectoryOption,
    keep: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      description: 'How long to keep reports, e.g. 30d',
      coerce: durationMs('--keep'),
    },
    'keep-failures': {
      type: 'string',
      requiresArg: true,
      defaultDescription: 'as --keep',
      description: 'How long to keep those that did not pass, and bisections, e.g. 1y',
      coerce: durationMs('--keep-failures'),
    },
    'dry-run': { type: 'boolean', description: 'Tell what would be deleted, and delete nothing' },
  },
  examples: [
    ['hil report prune --keep 30d --keep-failures 1y', 'Every night, from cron'],
    ['hil report prune --keep 7d --dry-run', 'Look first'],
  ],
  async run({ reportDir, keep, keepFailures, dryRun }) {
    const { pruneReports } = await import('../../app/report/prune/report-prune.ts')
    const keepFailuresMs = Math.max(keep, keepFailures ?? keep)
    return pruneReports({ root: reportDir, keepMs: keep, keepFailuresMs, dryRun: dryRun ?? false })
  },
})

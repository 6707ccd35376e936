import { defineCommand } from '../command.ts'
import { exitCodeHelp } from '../exit-codes.ts'
import { reportDirectoryOption } from '../shared-options.ts'

export const nightly = defineCommand({
  positionals: {
    plan: { type: 'string', demandOption: true, description: 'The plan: boards, payloads and specs' },
  },
  options: {
    'dry-run': { type: 'boolean', description: 'Check the plan, and list what would be run, and who told' },
    'changed-since-last-good': {
      type: 'boolean',
      description: 'Leave out payloads that have passed all their cells before and are still the same',
    },
    'report-dir': reportDirectoryOption,
  },
  examples: [
    ['hil nightly plan.yaml --dry-run', 'List the cells of the matrix'],
    ['hil nightly plan.yaml', 'Run them'],
  ],
  epilogue: () =>
    `"hil nightly resume" goes on with a night that was stopped. Exit codes, of the gravest cell:\n${exitCodeHelp('exit')}`,
  async run(args) {
    const { nightlyCommand } = await import('../../app/nightly/nightly.ts')
    return nightlyCommand({
      plan: args.plan,
      isDryRun: args.dryRun ?? false,
      skipsPassed: args.changedSinceLastGood ?? false,
      reportRoot: args.reportDir,
    })
  },
})

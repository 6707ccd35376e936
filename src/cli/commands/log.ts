import { defineCommand } from '../command.ts'

export const log = defineCommand({
  positionals: {
    file: {
      type: 'string',
      demandOption: true,
      description: 'Console log, as text or raw bytes; - reads stdin',
    },
  },
  options: {
    format: {
      type: 'string',
      choices: ['text', 'json'] as const,
      default: 'text' as const,
      defaultDescription: 'text',
      requiresArg: true,
      description: 'For people, or for programs',
    },
    full: { type: 'boolean', description: 'Print whole reports, not only their titles' },
  },
  examples: [
    ['hil log boot.log', 'stages, splats and KTAP results; exits with 1 when something is bad'],
    ['hil log --full reports/latest/console.raw', 'the console of the last run'],
  ],
  async run({ file, format, full }) {
    const { kernelLogCommand } = await import('../../app/kernel-log.ts')
    return kernelLogCommand({ file, format, full: full ?? false })
  },
})

import { defineCommand } from '../command.ts'
import { vmlinuxOption } from '../shared-options.ts'

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
    vmlinux: vmlinuxOption,
    full: { type: 'boolean', description: 'Print whole reports, not only their titles' },
  },
  examples: [
    ['hil log boot.log', 'stages, splats and KTAP results; exits with 1 when something is bad'],
    ['hil log boot.log --vmlinux ~/linux/vmlinux', 'with the source lines of its traces'],
    ['hil log --full reports/latest/console.raw', 'the console of the last run'],
  ],
  async run({ file, format, full, vmlinux }) {
    const { kernelLogCommand } = await import('../../app/log/kernel-log.ts')
    return kernelLogCommand({ file, format, full: full ?? false, vmlinux })
  },
})

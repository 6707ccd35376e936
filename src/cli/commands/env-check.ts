import { defineCommand } from '../command.ts'

export const envCheck = defineCommand({
  positionals: {
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      description: 'Environment files, or names in env/',
    },
  },
  options: {},
  examples: [['hil env check env/*.yaml', 'Check all environments of a project']],
  async run({ files }) {
    const { checkEnvironments } = await import('../../app/environment/environments.ts')
    return checkEnvironments(files)
  },
})

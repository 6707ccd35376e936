import { defineCommand } from '../command.ts'

export const envImport = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, description: 'An environment of labgrid' },
  },
  options: {
    output: {
      type: 'string',
      alias: 'o',
      description: 'The file to write, which must not be there yet; on stdout if absent',
    },
  },
  examples: [
    ['hil env import labgrid-env.yaml -o env/lab.yaml', "Write labgrid's environment in the words of hil"],
  ],
  async run({ file, output }) {
    const { importEnvironment } = await import('../../app/environment/env-import.ts')
    return importEnvironment(file, output)
  },
})

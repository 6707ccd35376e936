import { defineCommand } from '../command.ts'

export const envSchema = defineCommand({
  positionals: {},
  options: {},
  examples: [['hil env schema > schemas/environment.schema.json', 'Write the schema that editors read']],
  async run() {
    const { printEnvironmentSchema } = await import('../../app/environment/environments.ts')
    return printEnvironmentSchema()
  },
})

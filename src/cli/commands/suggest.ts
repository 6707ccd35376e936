import { defineCommand } from '../command.ts'

export const suggest = defineCommand({
  positionals: {},
  options: {
    json: { type: 'boolean', description: 'As JSON, for programs' },
  },
  examples: [
    ['hil suggest', 'Serial ports, memory card muxes, hubs and power strips that are plugged in, as YAML'],
  ],
  async run({ json }) {
    const { suggestCommand } = await import('../../app/suggest/suggest.ts')
    return suggestCommand({ json: json ?? false })
  },
})

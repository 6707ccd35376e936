import { defineCommand } from '../command.ts'
import { coordinatorArguments, coordinatorOptions } from '../coordinator-options.ts'

export const labPlaces = defineCommand({
  positionals: {},
  options: {
    ...coordinatorOptions,
    acquired: { type: 'boolean', alias: 'a', description: 'Only those that somebody has' },
    released: { type: 'boolean', alias: 'r', description: 'Only those that nobody has' },
    verbose: { type: 'boolean', alias: 'v', description: 'Also the resources of each' },
    json: { type: 'boolean', description: 'Print it as JSON' },
  },
  examples: [['hil lab places -x labhost', 'See which places are free, and who has the others']],
  async run({ acquired = false, released = false, verbose = false, json = false, ...args }) {
    const { placesCommand } = await import('../../app/lab/places/list.ts')
    return placesCommand({ ...coordinatorArguments(args), acquired, released, verbose, json })
  },
})

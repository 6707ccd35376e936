import { defineCommand } from '../command.ts'
import { coordinatorArguments, coordinatorOptions } from '../coordinator-options.ts'

export const labReservations = defineCommand({
  positionals: {},
  options: { ...coordinatorOptions, json: { type: 'boolean', description: 'Print it as JSON' } },
  examples: [['hil lab reservations -x labhost', 'See who waits for what, who comes first at the top']],
  async run({ json = false, ...args }) {
    const { reservationsCommand } = await import('../../app/lab/places/reserve.ts')
    return reservationsCommand({ ...coordinatorArguments(args), json })
  },
})

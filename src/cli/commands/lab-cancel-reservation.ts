import { defineCommand } from '../command.ts'
import { coordinatorArguments, coordinatorOptions } from '../coordinator-options.ts'
import { usageError } from '../usage-error.ts'

export const labCancelReservation = defineCommand({
  positionals: {
    token: { type: 'string', description: 'Token of the reservation; $LG_TOKEN' },
  },
  options: coordinatorOptions,
  examples: [['hil lab cancel-reservation ABCDEFGHIJ -x labhost', 'Give up a reservation']],
  async run({ token = process.env['LG_TOKEN'] ?? '', ...args }) {
    if (token === '') throw usageError('name the token of the reservation, or set $LG_TOKEN')
    const { cancelReservationCommand } = await import('../../app/lab/places.ts')
    return cancelReservationCommand({ ...coordinatorArguments(args), token })
  },
})

import { defineCommand } from '../command.ts'
import {
  chosenToken,
  coordinatorArguments,
  coordinatorOptions,
  tokenPositional,
} from '../coordinator-options.ts'

export const labCancelReservation = defineCommand({
  positionals: tokenPositional,
  options: coordinatorOptions,
  examples: [['hil lab cancel-reservation ABCDEFGHIJ -x labhost', 'Give up a reservation']],
  async run({ token, ...args }) {
    const { cancelReservationCommand } = await import('../../app/lab/places/reserve.ts')
    return cancelReservationCommand({ ...coordinatorArguments(args), token: chosenToken(token) })
  },
})

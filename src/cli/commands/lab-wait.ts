import { defineCommand } from '../command.ts'
import {
  chosenToken,
  coordinatorArguments,
  coordinatorOptions,
  tokenPositional,
} from '../coordinator-options.ts'

export const labWait = defineCommand({
  positionals: tokenPositional,
  options: coordinatorOptions,
  examples: [['hil lab wait ABCDEFGHIJ -x labhost', 'Wait until a place is kept for a reservation']],
  async run({ token, ...args }) {
    const { waitCommand } = await import('../../app/lab/places/reserve.ts')
    return waitCommand({ ...coordinatorArguments(args), token: chosenToken(token) })
  },
})

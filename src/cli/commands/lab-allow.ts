import { defineCommand } from '../command.ts'
import { chosenPlace, coordinatorArguments, coordinatorOptions, placeOption } from '../coordinator-options.ts'
import { usageError } from '../usage-error.ts'

export const labAllow = defineCommand({
  positionals: {
    user: { type: 'string', demandOption: true, description: 'Who may use it too: HOST/USER' },
  },
  options: { ...coordinatorOptions, ...placeOption },
  examples: [['hil lab allow desk/ann -x labhost -p rock3a', 'Let somebody else use a place that is yours']],
  async run({ user, place, ...args }) {
    if (!/^[^/]+\/[^/]+$/.test(user)) throw usageError(`"${user}" is nobody: write HOST/USER`)
    const { allowCommand } = await import('../../app/lab/places/acquire.ts')
    return allowCommand({ ...coordinatorArguments(args), place: chosenPlace(place), user })
  },
})

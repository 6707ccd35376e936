import { defineCommand } from '../command.ts'
import { chosenPlace, coordinatorArguments, coordinatorOptions, placeOption } from '../coordinator-options.ts'

export const labRelease = defineCommand({
  positionals: {},
  options: {
    ...coordinatorOptions,
    ...placeOption,
    kick: { type: 'boolean', alias: 'k', description: 'Also where somebody else has it' },
  },
  examples: [['hil lab release -x labhost -p rock3a', 'Give a place back']],
  async run({ place, kick = false, ...args }) {
    const { releaseCommand } = await import('../../app/lab/places/acquire.ts')
    return releaseCommand({ ...coordinatorArguments(args), place: chosenPlace(place), kick })
  },
})

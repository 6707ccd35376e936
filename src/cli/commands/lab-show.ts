import { defineCommand } from '../command.ts'
import { chosenPlace, coordinatorArguments, coordinatorOptions, placeOption } from '../coordinator-options.ts'

export const labShow = defineCommand({
  positionals: {},
  options: {
    ...coordinatorOptions,
    ...placeOption,
    json: { type: 'boolean', description: 'Print it as JSON' },
  },
  examples: [['hil lab show -x labhost -p rock3a', 'See who has a place, and what belongs to it']],
  async run({ place, json = false, ...args }) {
    const { showCommand } = await import('../../app/lab/places/list.ts')
    return showCommand({ ...coordinatorArguments(args), place: chosenPlace(place), json })
  },
})

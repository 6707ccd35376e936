import { defineCommand } from '../command.ts'
import { chosenPlace, coordinatorArguments, coordinatorOptions, placeOption } from '../coordinator-options.ts'

export const labAcquire = defineCommand({
  positionals: {},
  options: { ...coordinatorOptions, ...placeOption },
  examples: [
    [
      'hil lab acquire -x labhost -p rock3a',
      'Have a place to yourself: your runs use it, and leave it yours',
    ],
  ],
  async run({ place, ...args }) {
    const { acquireCommand } = await import('../../app/lab/places.ts')
    return acquireCommand({ ...coordinatorArguments(args), place: chosenPlace(place) })
  },
})

import { defineCommand } from '../command.ts'
import { chosenPlace, coordinatorArguments, coordinatorOptions, placeOption } from '../coordinator-options.ts'

export const labAcquire = defineCommand({
  positionals: {},
  options: {
    ...coordinatorOptions,
    ...placeOption,
    'allow-unmatched': {
      type: 'boolean',
      alias: 'a',
      description: 'Also where no exporter has what the place is made of',
    },
  },
  examples: [
    [
      'hil lab acquire -x labhost -p rock3a',
      'Have a place to yourself: your runs use it, and leave it yours',
    ],
  ],
  async run({ place, 'allow-unmatched': allowUnmatched = false, ...args }) {
    const { acquireCommand } = await import('../../app/lab/places/acquire.ts')
    return acquireCommand({ ...coordinatorArguments(args), place: chosenPlace(place), allowUnmatched })
  },
})

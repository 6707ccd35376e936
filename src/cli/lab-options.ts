import type { Options } from 'yargs'
import { environmentOption, oneBoardTagOption, queueOptions } from './shared-options.ts'

/** What `hil lab hold` and `hil lab lock` are told. */
export const holdOptions = {
  env: environmentOption,
  tag: oneBoardTagOption,
  ...queueOptions,
  foreground: {
    type: 'boolean',
    description: 'Hold it from this process, until that ends, and not from one that is left behind',
  },
} as const satisfies Record<string, Options>

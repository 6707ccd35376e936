import type { Options, PositionalOptions } from 'yargs'
import {
  environmentOption,
  once,
  oneBoardTagOption,
  queueOptions,
  reportDirectoryOption,
} from './shared-options.ts'

/** What every command is told that brings one board to a state for a person. */

export const attendedPositionals = {
  board: { type: 'string', description: 'A board of the environment; not needed where there is only one' },
} as const satisfies Record<string, PositionalOptions>

export const attendedOptions = {
  env: environmentOption,
  tag: oneBoardTagOption,
  ...queueOptions,
  'report-dir': reportDirectoryOption,
} as const satisfies Record<string, Options>

/** `--state`, which means something else to each of them. */
export function stateOption<Description extends string>(description: Description) {
  return { type: 'string', requiresArg: true, description, coerce: once('--state') } as const
}

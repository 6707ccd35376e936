import type { Options } from 'yargs'
import { once } from './shared-options.ts'

export const outputOption = {
  alias: 'o',
  type: 'string',
  requiresArg: true,
  description: 'Write to this file; a page where it ends in .html',
  coerce: once('--output'),
} as const satisfies Options

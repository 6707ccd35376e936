import type { Options, PositionalOptions } from 'yargs'
import {
  boardsTagOption,
  durationMs,
  environmentOption,
  once,
  queueing,
  queueOptions,
  reportDirectoryOption,
  wholeNumber,
} from './shared-options.ts'

/** What every command that runs specs is told: which, on which boards, and how. */

export const specPositionals = {
  specs: {
    type: 'string',
    array: true,
    demandOption: true,
    description: 'Specs (.ts, .js), scripts for the board (.sh), directories (all *.spec.* below) or globs',
  },
} as const satisfies Record<string, PositionalOptions>

export const specOptions = {
  env: environmentOption,
  board: {
    type: 'string',
    array: true,
    nargs: 1,
    description: 'Run on this board of the environment only; repeat it for several',
  },
  tag: boardsTagOption('Run on boards with this tag only; of several they need every one'),
  grep: {
    type: 'string',
    alias: 'g',
    requiresArg: true,
    description: 'Run only tests whose full title matches this regular expression',
    coerce: once('--grep'),
  },
  bail: { type: 'boolean', description: 'Stop after the first test that failed' },
  retries: {
    type: 'string',
    default: '0',
    defaultDescription: '0',
    requiresArg: true,
    description: 'Try a failed test again so often; one that then passes is flaky',
    coerce: wholeNumber('--retries', 0),
  },
  timeout: {
    type: 'string',
    requiresArg: true,
    description: 'Time for one test once its board is in its state, e.g. 30s',
    coerce: durationMs('--timeout'),
  },
  state: {
    type: 'string',
    requiresArg: true,
    description: 'State to bring boards to for tests that name none',
    coerce: once('--state'),
  },
  keep: { type: 'boolean', description: 'Leave the boards as they are at the end' },
  ...queueOptions,
  'report-dir': reportDirectoryOption,
} as const satisfies Record<string, Options>

/** What yargs makes of them. */
interface SpecArguments {
  readonly specs: readonly string[]
  readonly env: string
  readonly board?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
  readonly grep?: string | undefined
  readonly bail?: boolean | undefined
  readonly retries: number
  readonly timeout?: number | undefined
  readonly state?: string | undefined
  readonly keep?: boolean | undefined
  readonly wait?: number | undefined
  readonly priority: number
  readonly reportDir: string
}

export function specArguments(args: SpecArguments) {
  return {
    specs: args.specs,
    env: args.env,
    boards: args.board ?? [],
    tags: args.tag ?? [],
    grep: args.grep,
    bail: args.bail ?? false,
    retries: args.retries,
    timeoutMs: args.timeout,
    state: args.state,
    keep: args.keep ?? false,
    queueing: queueing(args),
    reportRoot: args.reportDir,
  }
}

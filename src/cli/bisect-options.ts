import type { Options, PositionalOptions } from 'yargs'
import { durationMs, once, reportDirectoryOption, wholeNumber } from './shared-options.ts'
import { usageError } from './usage-error.ts'

/** For `hil bisect resume`, `status`, `log` and `report`. */
export const bisectionPositionals = {
  directory: {
    type: 'string',
    description: 'Directory of the bisection; by default the last one',
  },
} as const satisfies Record<string, PositionalOptions>

export const bisectionDirectoryOptions = {
  'report-dir': reportDirectoryOption,
} as const satisfies Record<string, Options>

const ends = 'What to look between:'
const certainty = 'How surely:'
const cost = 'What it may cost:'

/** What is between the ends, how sure the answer has to be, and what it may cost. */
export const bisectOptions = {
  good: {
    group: ends,
    type: 'string',
    array: true,
    nargs: 1,
    demandOption: true,
    description: 'A revision that passes; repeatable',
  },
  bad: {
    group: ends,
    type: 'string',
    requiresArg: true,
    demandOption: true,
    description: 'The revision that fails',
    coerce: once('--bad'),
  },
  fixed: {
    group: ends,
    type: 'boolean',
    description: 'Find what fixed it: the bad revision is the earlier one',
  },
  'first-parent': {
    group: ends,
    type: 'boolean',
    description: 'Take what was merged for one commit, the merge',
  },
  paths: {
    group: ends,
    type: 'string',
    array: true,
    nargs: 1,
    description: 'Only commits that touch this path; repeatable',
  },
  skip: {
    group: ends,
    type: 'string',
    array: true,
    nargs: 1,
    description: "Don't try this commit, or this range (A..B); repeatable",
  },
  'term-good': text(ends, 'term-good', 'What passing commits are called in the log'),
  'term-bad': text(ends, 'term-bad', 'What failing commits are called in the log'),
  repository: text(ends, 'repository', 'The git repository (default: the kernel tree, or this directory)'),
  payloads: text(
    ends,
    'payloads',
    'Take payloads that are there: a directory of them, of .deb files, or a list',
  ),
  build: text(ends, 'build', 'Make a payload with this command, run in a work tree of the commit'),
  config: text(ends, 'config', "Kernel configuration for all commits (default: the tree's .config)"),
  confidence: {
    group: certainty,
    type: 'string',
    default: '0.99',
    defaultDescription: '0.99',
    requiresArg: true,
    description: 'How likely the named commit has to be the right one',
    coerce: probability('--confidence'),
  },
  checks: {
    group: certainty,
    type: 'string',
    default: '3',
    defaultDescription: '3',
    requiresArg: true,
    description: 'How often the named commit has to fail, and its parents to pass',
    coerce: wholeNumber('--checks', 1),
  },
  patience: {
    group: certainty,
    type: 'string',
    default: '10',
    defaultDescription: '10',
    requiresArg: true,
    description: 'How often the bad end may pass until it is no failure; more for one that shows rarely',
    coerce: wholeNumber('--patience', 1),
  },
  'any-failure': {
    group: certainty,
    type: 'boolean',
    description: 'Take any failure for the one that is looked for',
  },
  'no-revert': {
    group: certainty,
    type: 'boolean',
    description: "Don't check whether the bad end passes without the named commit",
  },
  'max-time': {
    group: cost,
    type: 'string',
    requiresArg: true,
    description: 'Stop after so much time, e.g. 8h; "hil bisect resume" goes on',
    coerce: durationMs('--max-time'),
  },
  'max-builds': count('max-builds', 'Stop after so many builds'),
  'max-power-cycles': count('max-power-cycles', 'Stop after the boards were switched on so often'),
} as const satisfies Record<string, Options>

function text(group: string, name: string, description: string) {
  return { group, type: 'string', requiresArg: true, description, coerce: once(`--${name}`) } as const
}

function count(name: string, description: string) {
  return {
    group: cost,
    type: 'string',
    requiresArg: true,
    description,
    coerce: wholeNumber(`--${name}`, 1),
  } as const
}

/** A probability that is no certainty: nothing can be that sure. */
function probability(option: string): (value: unknown) => number {
  return (value) => {
    const given = once(option)(value)
    const number = Number(given)
    if (number >= 0.5 && number < 1) return number
    throw usageError(`${option} takes a number from 0.5 up to, but not, 1, not "${given}"`)
  }
}

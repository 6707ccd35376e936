import type { Options } from 'yargs'
import { parseDuration } from '../core/duration.ts'
import { usageError } from './usage-error.ts'

export const reportDirectoryOption = {
  type: 'string',
  default: 'reports',
  defaultDescription: 'reports',
  requiresArg: true,
  description: 'Where runs leave their reports',
  coerce: once('--report-dir'),
} as const satisfies Options

export const environmentOption = {
  type: 'string',
  requiresArg: true,
  demandOption: true,
  description: 'Environment file; a bare name is looked up in env/ too',
  coerce: once('--env'),
} as const satisfies Options

/** A value that can be given only once; yargs would make an array of two. */
export function once(option: string): (value: unknown) => string {
  return (value) => {
    if (Array.isArray(value)) throw usageError(`${option} is given ${value.length} times: once is enough`)
    return String(value)
  }
}

/** A whole number, e.g. for `--retries`. */
export function wholeNumber(option: string, minimum: number): (value: unknown) => number {
  return (value) => {
    const text = once(option)(value)
    const number = Number(text)
    if (/^\d{1,9}$/.test(text) && number >= minimum) return number
    throw usageError(`${option} takes a whole number from ${minimum} on, not "${text}"`)
  }
}

/** A duration such as `30s`, in milliseconds. */
export function durationMs(option: string): (value: unknown) => number {
  return (value) => {
    const text = once(option)(value)
    const ms = parseDuration(text)
    if (ms !== undefined && ms > 0) return ms
    throw usageError(`${option} takes a duration such as 30s, 1.5min or 250ms, not "${text}"`)
  }
}

/** How to get into the line for boards that others use. */
export const queueOptions = {
  wait: {
    type: 'string',
    requiresArg: true,
    description: 'Wait so long for boards that others use, e.g. 30m',
    coerce: durationMs('--wait'),
  },
  priority: {
    type: 'string',
    default: '0',
    defaultDescription: '0',
    requiresArg: true,
    description: 'Place among those who wait, -100 to 100: the highest comes first',
    coerce: priority,
  },
} as const satisfies Record<string, Options>

/** What yargs makes of them, as commands take it. */
export function queueing({
  wait,
  priority,
}: {
  readonly wait?: number | undefined
  readonly priority: number
}) {
  return { waitMs: wait ?? 0, priority }
}

function priority(value: unknown): number {
  const text = once('--priority')(value)
  const number = Number(text)
  if (/^[+-]?\d{1,3}$/.test(text) && Math.abs(number) <= 100) return number
  throw usageError(`--priority takes a whole number from -100 to 100, not "${text}"`)
}

/** `--tag`, which chooses boards. */
export function boardsTagOption<Description extends string>(description: Description) {
  return { type: 'string', array: true, nargs: 1, description } as const satisfies Options
}

/** Of commands that use one board. */
export const oneBoardTagOption = boardsTagOption(
  'Take a free board with this tag; of several it needs every one',
)

/** `--vmlinux`, of all commands that show traces of a kernel. */
export const vmlinuxOption = {
  type: 'string',
  requiresArg: true,
  description: "The kernel's vmlinux with debug information, for source lines in its traces",
  coerce: once('--vmlinux'),
} as const satisfies Options

import { hostname, userInfo } from 'node:os'
import { formatMoment, sinceWhen } from '../../core/moment.ts'

/** Who holds a board or a part of it, as they say themselves. */
export interface Holder {
  readonly pid: number
  /** The person: `$HIL_WHO`, or the name of the account. */
  readonly user: string
  readonly host: string
  /** Where the command was typed. */
  readonly directory: string
  /** ISO 8601, UTC. */
  readonly since: string
  /** ISO 8601, UTC; absent: until it is done. */
  readonly until?: string
  /** What it is held for: the board and the command line. */
  readonly what: string
}

/** @param what it is held for */
export function thisProcess(what: string): Holder {
  return {
    pid: process.pid,
    user: thisPerson(),
    host: hostname(),
    directory: process.cwd(),
    since: new Date().toISOString(),
    what,
  }
}

/** Several people may share an account: `HIL_WHO` tells them apart. */
export function thisPerson(): string {
  return process.env['HIL_WHO'] || userInfo().username
}

/** What a process said of itself; `undefined` when it said nothing that we understand. */
export function asHolder(value: unknown): Holder | undefined {
  const { pid, user, host, directory, since, until, what } = (value ?? {}) as Partial<
    Record<keyof Holder, unknown>
  >
  if (typeof pid !== 'number' || typeof user !== 'string' || typeof since !== 'string') return undefined
  return {
    ...{ pid, user, since },
    host: typeof host === 'string' ? host : '?',
    directory: typeof directory === 'string' ? directory : '?',
    ...(typeof until === 'string' && { until }),
    what: typeof what === 'string' ? what : '?',
  }
}

/** `ann (process 4711 on labhost, since 2026-11-28 14:02 UTC, for 12 min: board one: hil run)` */
export function describeHolder({ user, pid, host, since, until, what }: Holder, now = Date.now()): string {
  const end = until === undefined ? '' : `, until ${formatMoment(until)}`
  return `${user} (process ${pid} on ${host}, ${sinceWhen(since, now)}${end}: ${what})`
}

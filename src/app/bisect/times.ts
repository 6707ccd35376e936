import type { BisectionRecord } from '../../core/bisection-record.ts'
import type { Times } from '../../bisect/search/decide.ts'

/** How long a build and a run take, in milliseconds, where that is known. */
export interface Durations {
  readonly run?: number
  readonly build?: number
}

/** How long they took in a bisection. */
export function measuredIn({ builds, probes }: Pick<BisectionRecord, 'builds' | 'probes'>): Durations {
  const made = builds.filter(({ isCached, obstacle }) => isCached !== true && obstacle === undefined)
  const [run, build] = [probes, made].map((each) => mean(each.map(({ durationMs }) => durationMs)))
  return { ...(run !== undefined && { run }), ...(build !== undefined && { build }) }
}

/** How long builds and runs take, from those that were made; undefined before there was a run. */
export function expectedTimes(record: BisectionRecord, ready: ReadonlySet<string>): Times | undefined {
  const { run, build = 0 } = measuredIn(record)
  return run === undefined ? undefined : { run: Math.max(1, run), build, ready }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}

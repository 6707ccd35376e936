import type { BisectionRecord } from '../../core/bisection-record.ts'
import type { Times } from '../../bisect/search/decide.ts'

/** How long builds and runs take, from those that were made; undefined before there was one of each. */
export function expectedTimes(
  { builds, probes }: BisectionRecord,
  ready: ReadonlySet<string>,
): Times | undefined {
  const made = builds.filter(({ isCached, obstacle }) => isCached !== true && obstacle === undefined)
  if (probes.length === 0) return undefined
  return {
    run: Math.max(1, mean(probes.map(({ durationMs }) => durationMs))),
    build: mean(made.map(({ durationMs }) => durationMs)),
    ready,
  }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

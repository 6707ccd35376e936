import { listed, plural, roughTime } from './amounts.ts'
import type { Estimate } from './bisection-update.ts'

/** `11 rounds, 28 runs and 25 builds, about 1 h 20 min`, and what is to be said of it. */
export function estimateText(estimate: Estimate): string {
  const { rounds, runs, builds, ms, beyond } = estimate
  const work = [plural(runs, 'run'), ...(builds > 0 ? [plural(builds, 'build')] : [])]
  const first = builds > 0 ? 'the first build and run' : 'the first run'
  return [
    [
      `${plural(rounds, 'round')} if all goes well`,
      `${listed(work)}`,
      ...(ms === undefined ? [] : [roughTime(ms)]),
    ].join(', '),
    ...(ms === undefined ? [`how long that takes is known after ${first}`] : []),
    ...(beyond.length === 0 ? [] : [`more than ${listed(beyond)} allows`]),
  ].join('; ')
}

/** The same in few words: `11 rounds, about 1 h 20 min`. */
export function shortEstimate({ rounds, ms }: Estimate): string {
  return [plural(rounds, 'round'), ...(ms === undefined ? [] : [roughTime(ms)])].join(', ')
}

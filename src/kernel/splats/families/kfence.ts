import type { SplatKind } from '../splat-kind.ts'
import { functionSource } from '../steps.ts'

/** The sampling memory error detector, mm/kfence/report.c. */
export const kfence: readonly SplatKind[] = [
  {
    kind: 'kfence',
    level: 'error',
    trigger: 'BUG:',
    start: /BUG: KFENCE: ([a-z][a-z -]{1,60}) in /,
    title: 'KFENCE: {1} in {place}',
    place: { steps: [new RegExp(`BUG: KFENCE: [a-z -]{1,60} in ${functionSource}`), 'stack'] },
  },
]

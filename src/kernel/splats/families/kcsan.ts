import type { SplatKind } from '../splat-kind.ts'

/** Data races, kernel/kcsan/report.c; the line names both functions. */
export const kcsan: readonly SplatKind[] = [
  {
    kind: 'kcsan',
    level: 'error',
    trigger: 'BUG:',
    start: /BUG: KCSAN: (.{1,200})/,
    title: 'KCSAN: {1}',
  },
]

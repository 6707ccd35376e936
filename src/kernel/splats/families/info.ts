import type { SplatKind } from '../splat-kind.ts'

const base = { kind: 'info', trigger: 'INFO:' } as const

/** What is left of `INFO:` lines; most of them are just that. */
export const info: readonly SplatKind[] = [
  {
    ...base,
    level: 'error',
    // The second line of a report by the slab allocator whose first is lost.
    start: /INFO: (Freed|Allocated) in (.{1,200})/,
    title: 'INFO: {1} in {2}',
    isRemnant: true,
  },
  { ...base, level: 'info', start: /INFO:\s{0,80}$/, title: 'INFO', isRemnant: true },
]

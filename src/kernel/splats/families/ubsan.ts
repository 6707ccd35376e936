import type { SplatKind } from '../splat-kind.ts'
import { inCallTraceBut } from '../steps.ts'

const base = {
  kind: 'ubsan',
  level: 'error',
  trigger: 'UBSAN:',
  place: inCallTraceBut(/ubsan|overflow/),
} as const

/** Undefined behaviour, lib/ubsan.c. */
export const ubsan: readonly SplatKind[] = [
  {
    ...base,
    start: /UBSAN: Undefined behaviour in/,
    title: 'UBSAN: undefined-behaviour in {place}',
  },
  { ...base, start: /UBSAN: (.{1,80}?) in/, title: 'UBSAN: {1} in {place}' },
]

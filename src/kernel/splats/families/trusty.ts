import type { SplatKind } from '../splat-kind.ts'

const base = { kind: 'trusty', level: 'error', trigger: 'trusty: panic' } as const

/** The operating system of the secure world of some arm64 boards, which speaks through Linux. */
export const trusty: readonly SplatKind[] = [
  {
    ...base,
    start: /trusty: panic \(.{1,200}?\):(?: DEBUG)? ASSERT FAILED at \(.{1,200}?\): (.{1,200})/,
    title: 'trusty: ASSERT FAILED: {1}',
  },
  {
    ...base,
    start: /trusty: panic.{0,200} ASSERT FAILED/,
    title: 'trusty: ASSERT FAILED:',
    isRemnant: true,
  },
  { ...base, start: /trusty: panic \(.{1,200}?\): (.{1,200})/, title: 'trusty: panic: {1}' },
]

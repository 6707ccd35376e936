import type { SplatKind } from '../splat-kind.ts'
import { callTrace, functionSource } from '../steps.ts'

const trigger = 'BUG:'
const base = { kind: 'kasan', level: 'error', trigger } as const

/** Frames of the tag check by hardware (arm64 MTE). */
const tagCheck = /kernel_fault|tag_check|mem_abort|^el1h?_/

/** The kernel address sanitizer, mm/kasan/report.c. */
export const kasan: readonly SplatKind[] = [
  {
    ...base,
    start: new RegExp(`BUG: KASAN: ([a-z-]{1,60}) in ${functionSource}`),
    detail: /(Read|Write) (?:of size|at addr) [0-9a-f]{1,16}/,
    title: 'KASAN: {1} {3} in {place}',
    place: {
      steps: [new RegExp(`BUG: KASAN: [a-z-]{1,60} in ${functionSource}`), callTrace, 'stack'],
      notIn: tagCheck,
    },
  },
  {
    ...base,
    start: /BUG: KASAN: (?:double-free or invalid-free|double-free|invalid-free) in /,
    title: 'KASAN: invalid-free in {place}',
    place: {
      steps: [new RegExp(`-free in ${functionSource}`), callTrace, 'stack'],
      notIn: /slab_|kfree|vunmap|vfree/,
    },
  },
  {
    ...base,
    start: /BUG: KASAN: ([a-z-]{1,60}) on address/,
    detail: /(Read|Write) of size [0-9]{1,10}/,
    title: 'KASAN: {1} {2}',
  },
  { ...base, start: /BUG: KASAN: (.{1,200})/, title: 'KASAN: {1}', isRemnant: true },
]

import type { SplatKind } from '../splat-kind.ts'
import { inCallTraceBut } from '../steps.ts'

/** A Rust driver that panicked; the line after says why. */
export const rust: readonly SplatKind[] = [
  {
    kind: 'rust-panic',
    level: 'error',
    trigger: 'rust_kernel: panicked',
    detail: /^(?!.{0,80}panicked at)(.{1,200})/,
    title: '{1} in {place}',
    place: inCallTraceBut(/rust_begin_unwind/),
  },
]

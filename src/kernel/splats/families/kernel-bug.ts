import type { SplatKind } from '../splat-kind.ts'
import { atInstruction, inCallTrace, inCallTraceBut } from '../steps.ts'

const base = { kind: 'kernel-bug', level: 'error', trigger: 'kernel BUG ' } as const

/** `BUG_ON()`: the kernel stopped the task because it does not believe its eyes. */
export const kernelBug: readonly SplatKind[] = [
  {
    ...base,
    start: /kernel BUG at mm\/usercopy\.c/,
    title: 'BUG: bad usercopy in {place}',
    place: inCallTraceBut(/usercopy|__check/),
  },
  {
    ...base,
    start: /kernel BUG at lib\/list_debug\.c/,
    title: 'BUG: corrupted list in {place}',
    place: inCallTrace,
  },
  {
    ...base,
    start: /kernel BUG at .{1,200}/,
    title: 'kernel BUG in {place}',
    // Socket buffers check their callers.
    place: { ...atInstruction, notIn: /^skb_/ },
  },
  { ...base, trigger: 'Kernel BUG ', start: /Kernel BUG (.{1,200})/, title: 'kernel BUG {1}' },
  {
    ...base,
    trigger: 'BUG kmalloc-',
    start: /BUG kmalloc-.{1,80}: Object already free/,
    title: 'BUG: Object already free',
  },
]

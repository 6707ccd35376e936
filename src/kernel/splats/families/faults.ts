import type { SplatKind } from '../splat-kind.ts'
import { atInstruction, instruction } from '../steps.ts'

const paging = 'BUG: unable to handle kernel paging request in {place}'
const nullPointer = 'BUG: unable to handle kernel NULL pointer dereference in {place}'
const oops = { kind: 'oops', level: 'error', place: atInstruction } as const
const trap = { kind: 'oops', level: 'error', place: { steps: [instruction] } } as const

/** Accesses and instructions the processor refused (arch/<arch>/mm/fault.c, arch/<arch>/kernel/traps.c). */
export const faults: readonly SplatKind[] = [
  {
    ...oops,
    trigger: 'BUG:',
    start:
      /BUG: (?:unable to handle (?:kernel paging request|page fault for address)|Unable to handle kernel data access)/,
    title: paging,
  },
  {
    ...oops,
    trigger: 'BUG:',
    start: /BUG: (?:unable to handle kernel|[kK]ernel) NULL pointer dereference/,
    title: nullPointer,
  },
  {
    ...oops,
    trigger: 'BUG:',
    start: /BUG: [uU]nable to handle kernel/,
    title: 'BUG: unable to handle kernel',
    isRemnant: true,
  },
  {
    ...oops,
    trigger: 'Unable to handle kernel',
    start:
      /Unable to handle kernel (paging request|NULL pointer dereference|access to user memory|read from unreadable memory|write to read-only memory|execute from non-executable memory|execution of user memory)/,
    title: 'BUG: unable to handle kernel {1} in {place}',
  },
  { ...oops, trigger: 'Unable to handle kernel', title: 'BUG: unable to handle kernel in {place}' },
  {
    ...oops,
    trigger: 'general protection fault',
    start: /general protection fault.{0,200}:/,
    // A program's own fault: "traps: foo[12] general protection fault ip:... error:0 in libc.so".
    not: /general protection fault .{0,200}error:\d{1,8} in /,
    title: 'general protection fault in {place}',
  },
  {
    ...oops,
    trigger: 'stack segment: ',
    start: /stack segment: [0-9a-f]{1,16} \[#/,
    title: 'stack segment fault in {place}',
  },
  { ...trap, trigger: 'PANIC: double fault', title: 'PANIC: double fault in {place}', under: 'part' },
  {
    ...trap,
    trigger: 'divide error: ',
    start: /divide error: [0-9a-f]{1,16} \[#/,
    title: 'divide error in {place}',
  },
  {
    ...trap,
    trigger: 'divide_error: ',
    start: /divide_error: [0-9a-f]{1,16} \[#/,
    title: 'divide error in {place}',
  },
  {
    ...trap,
    trigger: 'invalid opcode: ',
    start: /invalid opcode: [0-9a-f]{1,16} \[#/,
    title: 'invalid opcode in {place}',
    under: 'part',
  },
  { ...oops, trigger: 'int3: ', start: /int3: [0-9a-f]{1,16} \[#/, title: 'int3 in {place}' },
  { ...oops, trigger: 'Unhandled fault: ', title: 'Unhandled fault in {place}' },
  { ...oops, trigger: 'Alignment trap: ', not: / PC=0x/, title: 'Alignment trap in {place}' },
  {
    ...oops,
    trigger: 'Internal error: ',
    start: /Internal error: .{1,100} \[#/,
    title: 'Internal error in {place}',
    under: 'part',
  },
  {
    ...oops,
    kind: 'serror',
    trigger: 'SError Interrupt on CPU',
    title: 'SError interrupt in {place}',
  },
  {
    ...oops,
    kind: 'serror',
    level: 'fatal',
    trigger: 'Unhandled Exception in EL3',
    // The firmware says it.
    byProgram: true,
    title: 'unhandled exception in EL3',
  },
  {
    ...oops,
    kind: 'serror',
    trigger: 'Bad mode in ',
    start: /Bad mode in .{1,80} handler detected/,
    title: 'bad mode in {place}',
  },
]

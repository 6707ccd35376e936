import { calledByEntryPoint } from '../choose-frame.ts'
import type { SplatKind } from '../splat-kind.ts'
import { callTrace, functionSource, inCallTraceBut } from '../steps.ts'

const base = {
  kind: 'panic',
  level: 'fatal',
  trigger: 'Kernel panic',
  // The last line of its report repeats the first.
  not: /end Kernel panic/,
  under: 'beside',
} as const
const start = (rest: string) => new RegExp(`Kernel panic - not syncing: ${rest}`)

/** The kernel gives up, kernel/panic.c. */
export const panic: readonly SplatKind[] = [
  {
    ...base,
    start: start('stack-protector: Kernel stack is corrupted in: '),
    title: 'kernel panic: stack is corrupted in {place}',
    place: {
      steps: [new RegExp(`Kernel stack is corrupted in: ${functionSource}`)],
      otherwise: [[callTrace, 'stack']],
      notIn: /stack_chk/,
    },
  },
  {
    ...base,
    start: start('corrupted stack end'),
    title: 'kernel panic: corrupted stack end in {place}',
    place: { ...inCallTraceBut(/schedule|retint_kernel/), choose: calledByEntryPoint },
  },
  {
    ...base,
    start: start('kernel stack overflow'),
    title: 'kernel stack overflow in {place}',
    place: { ...inCallTraceBut(/bad_stack/), choose: calledByEntryPoint },
  },
  { ...base, start: start('Attempted to kill init!'), title: 'kernel panic: Attempted to kill init!' },
  {
    ...base,
    start: start(String.raw`Couldn't open N_TTY ldisc for `),
    title: "kernel panic: Couldn't open N_TTY ldisc",
  },
  // These follow a report that says more.
  { ...base, start: start('(Fatal exception)'), title: 'kernel panic: {1}', isRemnant: true },
  { ...base, start: start('(panic_on_warn set)'), title: 'kernel panic: {1}', isRemnant: true },
  { ...base, start: start('(hung_task: blocked tasks)'), title: 'kernel panic: {1}', isRemnant: true },
  { ...base, start: start('(.{1,200})'), title: 'kernel panic: {1}' },
  { ...base, start: /Kernel panic - not syncing/, title: 'kernel panic' },
]

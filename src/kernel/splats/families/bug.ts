import { calledByEntryPoint } from '../choose-frame.ts'
import type { SplatKind } from '../splat-kind.ts'
import {
  addressSource,
  callTrace,
  functionSource,
  inCallTrace,
  inCallTraceBut,
  instruction,
} from '../steps.ts'

const base = { kind: 'bug', level: 'error', trigger: 'BUG:' } as const

/** What the kernel itself calls a bug, where no other file of this folder knows it better. */
export const bug: readonly SplatKind[] = [
  {
    ...base,
    kind: 'spinlock',
    start:
      /BUG: (spinlock|rwlock) (lockup suspected|already unlocked|recursion|cpu recursion|bad magic|wrong owner|wrong CPU|trylock failure on UP)/,
    title: 'BUG: {1} {2} in {place}',
    place: inCallTraceBut(/spin_|_lock|_unlock/),
  },
  {
    ...base,
    kind: 'atomic-sleep',
    start: /BUG: scheduling while atomic/,
    title: 'BUG: scheduling while atomic in {place}',
    place: inCallTraceBut(/schedule/),
  },
  {
    ...base,
    kind: 'atomic-sleep',
    start: /BUG: sleeping function called from invalid context at/,
    title: 'BUG: sleeping function called from invalid context in {place}',
    place: inCallTrace,
  },
  {
    ...base,
    kind: 'preemptible',
    start: /BUG: using ([a-z_]{1,60})\(\) in preemptible/,
    title: 'BUG: using {1}() in preemptible code in {place}',
    place: inCallTraceBut(/dump_stack|preempt|debug_|processor_id|this_cpu/),
  },
  {
    ...base,
    kind: 'workqueue',
    start: /BUG: workqueue leaked (?:lock or )?atomic|BUG: workqueue leaked lock/,
    title: 'BUG: workqueue leaked lock or atomic in {place}',
    place: { steps: [/last function: ([A-Za-z0-9_]{1,200})/], asIs: true },
  },
  {
    ...base,
    kind: 'stack-overflow',
    start: /BUG: .{0,80}stack guard page was hit at/,
    title: 'BUG: stack guard page was hit in {place}',
    place: { steps: [instruction, callTrace, 'stack'], choose: calledByEntryPoint },
  },
  {
    ...base,
    kind: 'dentry',
    start: /BUG: Dentry .{1,200} still in use \(\d{1,8}\) \[(unmount) of /,
    title: 'BUG: Dentry still in use in {1}',
  },
  {
    ...base,
    kind: 'locks-held',
    start: /BUG: .{0,80}still has locks held!/,
    title: 'BUG: still has locks held in {place}',
    place: { steps: [new RegExp(`${addressSource} {1,8}${functionSource}`)], asIs: true },
  },
  { ...base, start: /BUG:\s{0,80}$/, title: 'BUG', isRemnant: true },
  base,
]

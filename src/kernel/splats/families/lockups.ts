import { calledByEntryPoint, whatHangs } from '../choose-frame.ts'
import type { SplatKind } from '../splat-kind.ts'
import { callTrace, inCallTraceBut, instruction } from '../steps.ts'

/** A CPU or a task that does not get on (kernel/watchdog.c, kernel/hung_task.c, kernel/rcu/tree_stall.h). */
export const lockups: readonly SplatKind[] = [
  {
    kind: 'soft-lockup',
    level: 'error',
    trigger: 'BUG:',
    start: /BUG: soft lockup/,
    title: 'BUG: soft lockup in {place}',
    place: { steps: [instruction, callTrace, 'stack'], choose: calledByEntryPoint },
  },
  {
    kind: 'hard-lockup',
    level: 'error',
    trigger: 'Watchdog detected hard LOCKUP',
    title: 'hard lockup in {place}',
    place: { steps: [instruction, callTrace, 'stack'], choose: calledByEntryPoint },
  },
  {
    kind: 'workqueue-lockup',
    level: 'error',
    trigger: 'BUG:',
    start: /BUG: workqueue lockup/,
    title: 'BUG: workqueue lockup',
  },
  {
    kind: 'rcu-stall',
    level: 'error',
    trigger: 'INFO:',
    start: /INFO: rcu_(?:preempt|sched|bh|tasks) (?:self-)?detected(?: expedited)? stall/,
    title: 'INFO: rcu detected stall in {place}',
    place: {
      steps: [/apic_timer_interrupt/, instruction, 'stack'],
      otherwise: [
        [/apic_timer_interrupt|Exception stack|el1h_64_irq/, 'stack'],
        // arm64, where another CPU was asked for its trace.
        [/^pc : /, callTrace, 'stack'],
      ],
      notIn: /apic_timer_interrupt|rcu/,
      choose: calledByEntryPoint,
    },
  },
  {
    kind: 'hung-task',
    level: 'error',
    trigger: 'INFO:',
    // The name of the task may have a line end in it.
    start: /INFO: task .{0,100}/,
    detail: /blocked (?:in I\/O wait )?for more than \d{1,8} seconds/,
    title: 'INFO: task hung in {place}',
    place: { steps: [callTrace, 'stack'], choose: whatHangs },
  },
  {
    kind: 'hung-task',
    level: 'error',
    trigger: 'INFO:',
    start: /INFO: task .{0,100}/,
    detail: /can't die for more than .{1,40} seconds/,
    title: "INFO: task can't die in {place}",
    place: inCallTraceBut(/schedule/),
  },
]

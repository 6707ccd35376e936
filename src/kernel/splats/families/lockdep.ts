import type { PlaceRule, SplatKind } from '../splat-kind.ts'
import {
  addressSource,
  atWarning,
  callTrace,
  functionSource,
  inCallTrace,
  inCallTraceBut,
  takenAt,
} from '../steps.ts'

const base = { kind: 'lockdep', level: 'warning', trigger: 'WARNING:' } as const
/** Before 2017 the same were called INFO. */
const old = { ...base, trigger: 'INFO:' } as const

function takenAfter(said: RegExp): PlaceRule {
  return { steps: [said, takenAt], asIs: true }
}

/** The lock validator, kernel/locking/lockdep.c, and the checks beside it. */
export const lockdep: readonly SplatKind[] = [
  {
    ...base,
    start: /WARNING: possible circular locking dependency detected/,
    detail: /is trying to acquire lock/,
    title: 'possible deadlock in {place}',
    place: {
      steps: [takenAt, takenAt, 'stack'],
      // They take a lock that belongs to the work item.
      notIn: /process_one_work|(?:flush|drain|destroy)_workqueue/,
    },
  },
  {
    ...base,
    start: /WARNING: possible irq lock inversion dependency detected/,
    detail: /just changed the state of lock/,
    title: 'possible deadlock in {place}',
    place: takenAfter(/just changed the state of lock/),
  },
  {
    ...base,
    start: /WARNING: \S{1,20}-safe -> \S{1,20}-unsafe lock order detected/,
    title: 'possible deadlock in {place}',
    place: { steps: [/which became .{1,60} at:/, 'stack'] },
  },
  {
    ...base,
    start: /WARNING: possible recursive locking detected/,
    detail: /is trying to acquire lock/,
    title: 'possible deadlock in {place}',
    place: takenAfter(/is trying to acquire lock/),
  },
  {
    ...base,
    start: /WARNING: inconsistent lock state/,
    detail: /takes/,
    title: 'inconsistent lock state in {place}',
    place: inCallTrace,
  },
  {
    ...base,
    kind: 'rcu-usage',
    start: /WARNING: suspicious RCU usage/,
    detail: /([A-Za-z0-9_/.-]{1,200}\.[a-z]{1,4}:[0-9]{1,8})/,
    title: 'WARNING: suspicious RCU usage in {place}',
    place: inCallTraceBut(/rcu|kmem|slab/),
  },
  {
    ...old,
    kind: 'rcu-usage',
    start: /INFO: suspicious RCU usage/,
    detail: /([A-Za-z0-9_/.-]{1,200}\.[a-z]{1,4}:[0-9]{1,8})/,
    title: 'INFO: suspicious RCU usage in {place}',
    place: inCallTraceBut(/rcu|kmem|slab/),
  },
  {
    ...old,
    start: /INFO: possible (?:circular|recursive) locking|INFO: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order/,
    title: 'possible deadlock in {place}',
    place: takenAfter(/is trying to acquire/),
  },
  {
    ...old,
    start: /INFO: possible irq lock inversion dependency detected/,
    title: 'possible deadlock in {place}',
    place: takenAfter(/just changed the state of lock/),
  },
  {
    ...old,
    start: /INFO: inconsistent lock state/,
    title: 'inconsistent lock state in {place}',
    place: takenAfter(/takes/),
  },
  {
    ...old,
    start: /INFO: trying to register non-static key/,
    title: 'INFO: trying to register non-static key in {place}',
    place: inCallTraceBut(/stack|lock|IRQ/),
  },
  ...['BUG', 'WARNING'].flatMap((word) => heldLocks(word)),
  {
    ...base,
    start: /WARNING: .{0,80}still has locks held!/,
    title: 'WARNING: still has locks held in {place}',
    place: { steps: [takenAt], asIs: true },
  },
  {
    ...base,
    start: /WARNING: Nested lock was not taken/,
    title: 'WARNING: nested lock was not taken in {place}',
    // Such a lock is often gone already: then lockdep itself falls before it has printed a trace.
    place: { steps: atWarning().steps, otherwise: [...(atWarning().otherwise ?? []), [takenAt]] },
  },
  {
    ...base,
    trigger: 'BUG:',
    level: 'error',
    start: /BUG: Invalid wait context/,
    title: 'WARNING: locking bug in {place}',
    place: inCallTraceBut(/lock_sock|release_sock/),
  },
]

function heldLocks(word: string): readonly SplatKind[] {
  const entry = { ...base, trigger: `${word}:`, level: word === 'BUG' ? 'error' : 'warning' } as const
  const lockedAt = new RegExp(`${addressSource} {1,8}${functionSource}`)
  return [
    {
      ...entry,
      start: new RegExp(`${word}: bad unlock balance detected!`),
      title: `${word}: bad unlock balance in {place}`,
      place: { steps: [lockedAt, callTrace, 'stack'], otherwise: [[/stack backtrace:/, 'stack']] },
    },
    {
      ...entry,
      start: new RegExp(`${word}: held lock freed!`),
      title: `${word}: held lock freed in {place}`,
      place: {
        steps: [word === 'BUG' ? lockedAt : new RegExp(`at:(?: ${addressSource})? {1,8}${functionSource}`)],
        asIs: true,
      },
    },
    {
      ...entry,
      start: new RegExp(`${word}: lock held when returning to user space`),
      title: `${word}: lock held when returning to user space in {place}`,
      place: { steps: [/leaving the kernel with locks still held/, takenAt], asIs: true },
    },
  ]
}

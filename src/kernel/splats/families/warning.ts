import type { SplatKind } from '../splat-kind.ts'
import { atWarning, functionSource } from '../steps.ts'

const base = { kind: 'warning', level: 'warning', trigger: 'WARNING:' } as const
const source = String.raw`[A-Za-z0-9_/.-]{1,200}\.[a-z]{1,4}:[0-9]{1,8}`

function at(file: string, rest = ''): RegExp {
  return new RegExp(String.raw`WARNING: .{0,120}${file}.{0,200}${rest}`)
}

/**
 * `WARN_ON()`: "WARNING: CPU: 1 PID: 2 at kernel/foo.c:12 func+0x1/0x2", since 2025 "WARNING:
 * kernel/foo.c:12 at func+0x1/0x2, CPU#1". Those in library code are named after what it checks.
 */
export const warning: readonly SplatKind[] = [
  {
    ...base,
    start: at(String.raw`lib/debugobjects\.c`, ' (?:debug_print|debug_check|at)'),
    title: 'WARNING: ODEBUG bug in {place}',
    place: atWarning(/debug_|rcu|hrtimer_|timer_|work_|percpu_|vunmap|vfree|__free_|debug_check|kobject_/),
  },
  {
    ...base,
    start: at(String.raw`mm/usercopy\.c`, ' (?:usercopy_warn|at)'),
    title: 'WARNING: bad usercopy in {place}',
    place: atWarning(/usercopy|__check/),
  },
  {
    ...base,
    start: at(String.raw`lib/kobject\.c`, ' (?:kobject_|at)'),
    title: 'WARNING: kobject bug in {place}',
    place: atWarning(/kobject_/),
  },
  {
    ...base,
    start: at(String.raw`fs/proc/generic\.c`, ' (?:proc_register|at)'),
    title: 'WARNING: proc registration bug in {place}',
    place: atWarning(/proc_/),
  },
  {
    ...base,
    start: at(String.raw`lib/refcount\.c`, ' (?:refcount_|at)'),
    title: 'WARNING: refcount bug in {place}',
    place: atWarning(/refcount|kobject_/),
  },
  {
    ...base,
    start: at(String.raw`kernel/locking/lockdep\.c`, 'lock_'),
    title: 'WARNING: locking bug in {place}',
    place: atWarning(/lock_sock|release_sock/),
  },
  {
    ...base,
    start: at(String.raw`mm/.{1,60}\.c`, ' k?.?malloc'),
    title: 'WARNING: kmalloc bug in {place}',
    place: atWarning(/kmalloc|krealloc|slab|kmem/),
  },
  {
    ...base,
    start: at(String.raw`mm/vmalloc\.c`, '__vmalloc_node'),
    title: 'WARNING: zero-size vmalloc in {place}',
    place: atWarning(),
  },
  {
    ...base,
    start: /WARNING: .{0,300} usb_submit_urb/,
    title: 'WARNING in {place}/usb_submit_urb',
    place: atWarning(/usb_(?:submit_urb|start_wait_urb|bulk_msg|interrupt_msg|control_msg)/),
  },
  {
    ...base,
    start: new RegExp(String.raw`WARNING: ${source} at 0x\w{1,16}, CPU#\d{1,5}`),
    title: 'WARNING in {place}',
    place: atWarning(),
  },
  {
    ...base,
    start: new RegExp(
      String.raw`WARNING: (?:.{1,120} at |\[.{1,120}\] )?${source} (?:at )?${functionSource}`,
    ),
    title: 'WARNING in {place}',
    place: atWarning(),
  },
  {
    ...base,
    // Until 2013, and in what vendors keep: "WARNING: at kernel/foo.c:12".
    start: new RegExp(`WARNING: (?:.{1,120} )?at ${source}`),
    title: 'WARNING in {place}',
    place: {
      ...atWarning(),
      otherwise: [[new RegExp(`WARNING: .{0,300}:[0-9]{1,8} ${functionSource}`), 'stack']],
    },
  },
  {
    ...base,
    start: /WARNING: kernel stack (regs|frame pointer) .{1,80} has bad ('\w{1,8}' )?value/,
    title: 'WARNING: kernel stack {1} has bad {2}value',
    isOneLine: true,
  },
  { ...base, start: /WARNING:\s{0,80}$/, title: 'WARNING', isRemnant: true },
  // Whatever a driver or a program likes to warn of.
  { ...base, level: 'info', isOneLine: true },
]

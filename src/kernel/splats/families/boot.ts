import type { SplatKind } from '../splat-kind.ts'

const base = { isOneLine: true } as const

/** A boot that goes wrong without a splat: no root, no init, drivers that did not come up. */
export const boot: readonly SplatKind[] = [
  {
    ...base,
    kind: 'no-root',
    level: 'error',
    trigger: 'VFS: Cannot open root device',
    start: /VFS: Cannot open root device "([^"]{0,100})"/,
    title: 'VFS: cannot open root device "{1}"',
  },
  {
    ...base,
    kind: 'initramfs',
    // Padding after the archive is enough for this; if it mattered, there is no init.
    level: 'warning',
    trigger: 'Initramfs unpacking failed: ',
    start: /Initramfs unpacking failed: (.{1,100})/,
    title: 'initramfs unpacking failed: {1}',
  },
  {
    ...base,
    kind: 'no-init',
    level: 'error',
    trigger: 'Failed to execute ',
    start: /Failed to execute (\/\S{1,100}) \(error (-\d{1,5})\)/,
    title: 'failed to execute {1} (error {2})',
  },
  {
    ...base,
    kind: 'no-init',
    level: 'error',
    trigger: 'check access for rdinit=',
    start: /check access for rdinit=(\S{1,100}) failed: (-\d{1,5})/,
    title: 'initramfs has no {1} (error {2})',
  },
  {
    ...base,
    kind: 'deferred-probe',
    level: 'warning',
    trigger: 'deferred probe pending',
    detail: /(?:^|\s)(\S{1,100}): deferred probe pending/,
    title: 'deferred probe pending: {1}',
  },
  {
    ...base,
    kind: 'initcall',
    level: 'warning',
    trigger: 'initcall ',
    // Imbalanced preemption or interrupts; what else `initcall_debug` tells may be meant so.
    start: /initcall ([\w.]{1,200})\S{0,80} returned with (.{1,80})/,
    title: 'initcall {1} returned with {2}',
  },
  {
    ...base,
    kind: 'initcall',
    level: 'info',
    trigger: 'initcall ',
    // -ENODEV is what a driver says that has nothing to drive.
    start: /initcall ([\w.]{1,200})\S{0,80}(?: \[\w{1,80}\])? returned (?!-19 )(-\d{1,5}) after/,
    title: 'initcall {1} returned {2}',
  },
]

import type { SplatKind } from '../splat-kind.ts'

const base = { level: 'warning', isOneLine: true, byProgram: true } as const

/** What the first programs after the kernel say when they fail. */
export const userspace: readonly SplatKind[] = [
  {
    ...base,
    kind: 'systemd',
    trigger: 'Failed to start ',
    start: /Failed to start (?:\[[\d;]{1,20}m)?([^[]{1,200}?)\.{0,3} {0,80}(?:$|\[)/,
    title: 'systemd: failed to start {1}',
  },
  {
    ...base,
    kind: 'systemd',
    trigger: 'Failed to mount ',
    start: /Failed to mount (?:\[[\d;]{1,20}m)?([^[]{1,200}?)\.{0,3} {0,80}(?:$|\[)/,
    title: 'systemd: failed to mount {1}',
  },
  {
    ...base,
    // The first process does nothing any more, and the kernel goes on as if all were well.
    kind: 'systemd',
    level: 'fatal',
    trigger: 'Freezing execution',
    title: 'systemd: freezing execution',
  },
  {
    ...base,
    kind: 'emergency',
    level: 'error',
    trigger: 'You are in emergency mode',
    title: 'systemd: emergency mode',
  },
  {
    ...base,
    // A shell is left in the initramfs: whatever is tested there is not the board's system.
    kind: 'hil-init',
    level: 'fatal',
    trigger: 'hil-init: error: ',
    start: /hil-init: error: (.{1,300})/,
    title: "hil's init: {1}",
  },
  {
    ...base,
    kind: 'hil-init',
    level: 'info',
    trigger: 'hil-init: warning: ',
    start: /hil-init: warning: (.{1,300})/,
    title: "hil's init: {1}",
  },
  {
    ...base,
    kind: 'rsinit',
    level: 'error',
    trigger: 'rsinit: ',
    start: /rsinit: (.{0,200}(?:[eE]rror|[fF]ail|panic).{0,200})/,
    title: 'rsinit: {1}',
  },
]

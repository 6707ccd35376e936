import type { SplatKind } from '../splat-kind.ts'

const base = { level: 'error', isOneLine: true } as const

/** References that got lost, told in one line. */
export const fileSystems: readonly SplatKind[] = [
  {
    ...base,
    kind: 'net',
    trigger: 'unregister_netdevice: waiting for ',
    start: /unregister_netdevice: waiting for \S{1,40} to become free/,
    title: 'unregister_netdevice: waiting for DEV to become free',
    under: 'part',
  },
  {
    ...base,
    kind: 'vfs',
    trigger: 'VFS: Close: file count is 0',
    title: 'VFS: Close: file count is zero (use-after-free)',
  },
  {
    ...base,
    kind: 'vfs',
    trigger: 'VFS: Busy inodes after unmount',
    title: 'VFS: Busy inodes after unmount (use-after-free)',
  },
]

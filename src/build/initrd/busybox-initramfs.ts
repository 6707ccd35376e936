import { createCpio, type CpioItem } from '../../codecs/cpio/index.ts'
import type { ByteSource } from '../../codecs/byte-source.ts'
import { readStaticBusybox } from './static-busybox.ts'

/**
 * A userspace in one file: a static busybox, and the little it needs to come up with a shell on the
 * kernel's console. Only what the kernel cannot do itself is in here; it needs no module.
 *
 * @param busybox path of a statically linked busybox for the board's architecture
 * @returns an uncompressed newc archive, the same bytes for the same busybox
 * @throws HilError `payload.busybox` (payload) when the file can't be read or is no static executable
 */
export async function buildBusyboxInitramfs(busybox: string): Promise<ByteSource> {
  return createCpio([
    ...skeleton,
    { type: 'file', path: 'bin/busybox', permissions: 0o755, data: await readStaticBusybox(busybox) },
  ])
}

/**
 * busybox init starts `rcS` once and a shell for ever. A shell on /dev/console has no controlling
 * terminal, and Ctrl-C does nothing in it: cttyhack finds the real tty behind the console.
 */
const inittab = `::sysinit:/etc/rcS
::respawn:/bin/cttyhack /bin/sh -l
::ctrlaltdel:/bin/reboot
`

const rcS = `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /root
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
hostname hil
`

const osRelease = `NAME="hil initramfs"
ID=hil
PRETTY_NAME="hil initramfs (busybox)"
`

/** What any initramfs with this busybox has; `init` is busybox's own. */
export const skeleton: readonly CpioItem[] = [
  ...['dev', 'proc', 'sys', 'tmp', 'run', 'root', 'etc'].map(
    (path) => ({ type: 'directory', path }) as const,
  ),
  // The kernel opens /dev/console for init before anything could mount devtmpfs.
  { type: 'character-device', path: 'dev/console', major: 5, minor: 1, permissions: 0o600 },
  { type: 'character-device', path: 'dev/null', major: 1, minor: 3, permissions: 0o666 },
  { type: 'symlink', path: 'init', target: 'bin/busybox' },
  // What init itself calls before rcS has installed the rest.
  ...['sh', 'cttyhack'].map((name) => ({ type: 'symlink', path: `bin/${name}`, target: 'busybox' }) as const),
  { type: 'file', path: 'etc/inittab', data: Buffer.from(inittab) },
  { type: 'file', path: 'etc/rcS', permissions: 0o755, data: Buffer.from(rcS) },
  { type: 'file', path: 'etc/os-release', data: Buffer.from(osRelease) },
  { type: 'file', path: 'etc/passwd', data: Buffer.from('root::0:0:root:/root:/bin/sh\n') },
  { type: 'file', path: 'etc/group', data: Buffer.from('root:x:0:\n') },
  { type: 'file', path: 'etc/profile', data: Buffer.from('export HOME=/root PATH=/bin\n') },
]

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { debianArm64, debianArm64Tools } from '../../scripts/setup/places.mjs'
import { skeleton } from '../../src/build/initrd/busybox-initramfs.ts'
import { openModuleDirectory } from '../../src/build/modules/module-files.ts'
import { createCpio, type CpioItem } from '../../src/codecs/cpio/index.ts'

export interface GuestOptions {
  /** Who may log in by SSH as root: lines of authorized_keys. */
  readonly authorizedKeys?: string
  /** Whether its SSH server can do SFTP. @default true */
  readonly sftp?: boolean
  /** Further modules of Debian's kernel, put into /modules for whoever loads them. @default none */
  readonly modules?: readonly string[]
}

/** What virtio's network needs of Debian's kernel, in the order it is loaded. */
const networkModules = [
  'kernel/drivers/virtio/virtio_mmio.ko',
  'kernel/net/core/failover.ko',
  'kernel/drivers/net/net_failover.ko',
  'kernel/drivers/net/virtio_net.ko',
]

/**
 * An arm64 userspace for a kernel in QEMU that has what a small board has: busybox, network, an SSH server
 * (dropbear) that makes its keys when it is started, kexec.
 */
export async function buildGuestInitramfs({
  authorizedKeys = '',
  sftp = true,
  modules: others = [],
}: GuestOptions): Promise<Uint8Array> {
  const root = join(debianArm64().directory, 'modules')
  const { release } = await openModuleDirectory(root)
  const modules = [...networkModules, ...others].map((path): CpioItem => {
    const data = readFileSync(join(root, 'lib/modules', release, path))
    return { type: 'file', path: `modules/${path.split('/').at(-1) ?? ''}`, data }
  })
  const archive = createCpio([
    ...skeleton.filter(({ path }) => path !== 'etc/rcS' && path !== 'etc/profile'),
    { type: 'file', path: 'bin/busybox', permissions: 0o755, data: readFileSync(debianArm64().busybox) },
    ...toolItems().filter(({ path }) => sftp || !path.endsWith('sftp-server')),
    ...modules,
    { type: 'file', path: 'etc/rcS', permissions: 0o755, data: Buffer.from(rcS) },
    {
      type: 'file',
      path: 'etc/profile',
      data: Buffer.from('export HOME=/root PATH=/sbin:/usr/sbin:/bin:/usr/bin\n'),
    },
    { type: 'directory', path: 'etc/dropbear' },
    { type: 'directory', path: 'root/.ssh', permissions: 0o700 },
    {
      type: 'file',
      path: 'root/.ssh/authorized_keys',
      permissions: 0o600,
      data: Buffer.from(authorizedKeys),
    },
  ])
  const pieces: Uint8Array[] = []
  for await (const piece of archive.open()) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces)
}

const rcS = `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /root
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
hostname guest
mkdir -p /dev/pts && mount -t devpts devpts /dev/pts
for m in ${networkModules.map((path) => path.split('/').at(-1)).join(' ')}; do insmod /modules/$m; done
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
export PATH=/sbin:/usr/sbin:/bin:/usr/bin
dropbearkey -t ed25519 -f /etc/dropbear/dropbear_ed25519_host_key >/dev/null 2>&1
dropbear -r /etc/dropbear/dropbear_ed25519_host_key -E 2>/dev/null
`

/** All of the tree that was fetched but what only others need. */
function toolItems(): readonly CpioItem[] {
  const { directory } = debianArm64Tools()
  return itemsBelow(directory, directory).filter(
    ({ path }) => !/^(?:etc|packages|usr\/lib\/(?!openssh|sftp-server|aarch64))/.test(path),
  )
}

function itemsBelow(directory: string, root: string): readonly CpioItem[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry): readonly CpioItem[] => {
    const file = join(directory, entry.name)
    const path = relative(root, file)
    if (entry.isSymbolicLink()) return [{ type: 'symlink', path, target: readlinkSync(file) }]
    if (entry.isDirectory()) return [{ type: 'directory', path }, ...itemsBelow(file, root)]
    return [{ type: 'file', path, permissions: statSync(file).mode & 0o777, data: readFileSync(file) }]
  })
}

import { packCpio, type CpioItem } from '../../codecs/cpio/index.ts'
import { skeleton } from './busybox-initramfs.ts'
import { moduleListPath, rootInit } from './root-init.ts'
import { readStaticBusybox } from './static-busybox.ts'

/**
 * An archive that mounts an untouched root file system: see `rootInit`. The modules themselves are
 * other members of the initramfs.
 *
 * @param busybox path of a statically linked busybox for the board's architecture
 * @param modules names of modules to load before root is mounted, in order
 * @throws HilError `payload.busybox` (payload)
 */
export async function packRootInitramfs(busybox: string, modules: readonly string[]): Promise<Uint8Array> {
  const own: readonly CpioItem[] = [
    { type: 'file', path: 'bin/busybox', permissions: 0o755, data: await readStaticBusybox(busybox) },
    { type: 'file', path: 'init', permissions: 0o755, data: rootInit },
    // Our init has mounted everything before busybox's own init comes.
    { type: 'file', path: 'etc/rcS', permissions: 0o755, data: '#!/bin/busybox sh\nhostname hil\n' },
    { type: 'file', path: moduleListPath, data: modules.map((name) => `${name}\n`).join('') },
  ]
  const replaced = new Set(own.map(({ path }) => path))
  return packCpio([...skeleton.filter(({ path }) => !replaced.has(path)), ...own])
}

import { HilError } from '../../core/errors.ts'
import { error, warning, type Finding } from '../finding.ts'
import type { Preflight } from './preflight.ts'

const mebibyte = 1 << 20

/**
 * The kernel unpacks into a tmpfs of at most half of the RAM, while the packed initramfs is still
 * there (ramfs-rootfs-initramfs.rst).
 */
export function* checkMemory({ contents, board }: Preflight): Generator<Finding> {
  const { memoryBytes } = board
  if (memoryBytes === undefined) return
  const { image, initrds, initramfs } = contents
  const kernel = image === undefined || image.kernel instanceof HilError ? 0 : (image.kernel.memorySize ?? 0)
  const packed = initrds.reduce((sum, { size }) => sum + size, 0)
  const unpacked = initramfs?.unpackedBytes ?? 0
  const needed = kernel + (image?.fit === undefined ? 0 : image.size) + packed + unpacked
  if (unpacked > memoryBytes / 2) {
    yield error(
      'memory.initramfs',
      undefined,
      `the initramfs unpacks to ${mib(unpacked)}, and the kernel gives it at most half of the board's ${mib(memoryBytes)}`,
      'take fewer modules (--modules board)',
    )
  } else if (needed > memoryBytes * 0.8) {
    yield warning(
      'memory.tight',
      undefined,
      `kernel and initramfs need ${mib(needed)} of the board's ${mib(memoryBytes)} while they are unpacked`,
      'take fewer modules (--modules board)',
    )
  }
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / mebibyte)} MiB`
}

import { HilError } from '../../core/errors.ts'
import { error, warning, type Finding } from '../finding.ts'
import type { Preflight } from './preflight.ts'

/** Kernels name riscv without its width. */
const kernelName: Readonly<Record<string, string>> = { riscv64: 'riscv', riscv32: 'riscv', i386: 'x86' }

export function* checkArchitecture({ payload, contents, board }: Preflight): Generator<Finding> {
  const { image } = contents
  if (image === undefined) return
  const { kernel } = image
  if (kernel instanceof HilError) {
    yield error(kernel.code, image.name, kernel.message, 'build the kernel again, or name another file')
    return
  }
  const wanted = board.architecture && (kernelName[board.architecture] ?? board.architecture)
  if (wanted !== undefined && kernel.architecture !== wanted) {
    yield error(
      'kernel.architecture',
      image.name,
      `the kernel is for ${kernel.architecture}, but ${board.name} is ${board.architecture ?? wanted}`,
      `build with ARCH=${wanted === 'x86_64' ? 'x86' : wanted}, or correct "architecture" in the environment`,
    )
  }
  if (payload.kernel.release !== undefined && kernel.release !== payload.kernel.release) {
    yield error(
      'kernel.release',
      image.name,
      `the kernel is ${kernel.release ?? 'without a release'}, but payload.json says ${payload.kernel.release}`,
      'build the payload again: a file in it was replaced by hand',
    )
  }
  const [outer] = kernel.layers
  if (
    board.bootloader === 'uboot' &&
    image.fit === undefined &&
    outer !== undefined &&
    needsUnpacking(outer)
  ) {
    yield warning(
      'kernel.compressed',
      image.name,
      `the kernel is compressed (${outer}): U-Boot's booti unpacks it only where kernel_comp_addr_r is set`,
      'use the uncompressed Image',
    )
  }
}

function needsUnpacking(layer: string): boolean {
  return ['gzip', 'bzip2', 'lzma', 'lzo', 'lz4', 'zstd', 'xz'].includes(layer)
}

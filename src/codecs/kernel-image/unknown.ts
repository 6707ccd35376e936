import type { HilError } from '../../core/errors.ts'
import { payloadError } from '../payload-error.ts'
import type { KernelLayer } from './kernel-image.ts'

const lookalikes: readonly (readonly [magic: string, hint: string])[] = [
  ['7f454c46', 'it is an ELF file such as vmlinux; bootloaders take arch/*/boot/Image, zImage or bzImage'],
  ['d00dfeed', 'it is a device tree or a FIT'],
  ['30373037', 'it is a cpio archive'],
  ['1f8b', 'it is compressed more often than a kernel is'],
  ['2321', 'it is a script'],
  ['213c617263683e', 'it is a Debian package or another ar archive'],
]

/** The error for what is no kernel, saying what it seems to be. */
export function unknownKernel(bytes: Buffer, layers: readonly KernelLayer[]): HilError {
  const start = bytes.toString('hex', 0, 8)
  const inside = layers.length === 0 ? 'the file' : `what is inside (${layers.join(', ')})`
  const hint =
    bytes.length === 0
      ? 'it is empty'
      : (lookalikes.find(([magic]) => start.startsWith(magic))?.[1] ?? `it begins with ${start}`)
  return payloadError('kernel-image.unknown', `${inside} is no kernel image that is known: ${hint}`, {
    layers,
    start,
  })
}

export function damagedKernel(layer: KernelLayer, needed: number, size: number): HilError {
  return payloadError(
    'kernel-image.truncated',
    `the ${layer} is cut off: it needs ${needed} bytes and has ${size}`,
    { layer, needed, size },
  )
}

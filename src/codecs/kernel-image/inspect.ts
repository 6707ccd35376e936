import { decompressMember, detectCompression, type Decompressor } from '../compression/index.ts'
import { inspectArm64, isArm64 } from './arm64.ts'
import { inspectBzimage, isBzimage } from './bzimage.ts'
import type { KernelImage, KernelLayer, Unpack } from './kernel-image.ts'
import { inspectRiscv, isRiscv } from './riscv.ts'
import { isUimage, unwrapUimage } from './uimage.ts'
import { unknownKernel } from './unknown.ts'
import { inspectZimage, isZimage } from './zimage.ts'
import { isZboot, unwrapZboot } from './zboot.ts'

export interface KernelImageOptions {
  /** Unpacks what is not gzip. */
  readonly decompress?: Decompressor
  /** The most that a kernel may unpack to. @default 512 MiB */
  readonly limit?: number
}

/** More layers than kbuild and mkimage together can make. */
const maximumLayers = 4
const defaultLimit = 512 << 20

/**
 * Reads what a kernel says of itself: arm64 and riscv Image, EFI zboot, zImage, bzImage, uImage, and
 * any of these compressed.
 *
 * Throws HilErrors `kernel-image.*` (with a hint at what was given instead) and `compression.*`.
 */
export async function inspectKernelImage(
  image: Uint8Array,
  options: KernelImageOptions = {},
): Promise<KernelImage> {
  return (await openKernelImage(image, options)).facts
}

/**
 * The kernel without what it was compressed with or wrapped in, as bootloaders want it that can't take it
 * out themselves. Throws as `inspectKernelImage`.
 */
export async function unwrapKernelImage(
  image: Uint8Array,
  options: KernelImageOptions = {},
): Promise<Uint8Array> {
  return (await openKernelImage(image, options)).bytes
}

async function openKernelImage(
  image: Uint8Array,
  { decompress, limit = defaultLimit }: KernelImageOptions,
): Promise<{ readonly facts: KernelImage; readonly bytes: Uint8Array }> {
  const layers: KernelLayer[] = []
  const unpack: Unpack = async (part) => {
    const compression = detectCompression(part)
    if (compression === undefined) return undefined
    return (await decompressMember(compression, part, limit, decompress)).data
  }
  let bytes = Buffer.from(image.buffer, image.byteOffset, image.length)
  while (layers.length < maximumLayers) {
    const facts = await inspectBare(bytes, unpack)
    if (facts !== undefined) return { facts: { ...facts, layers: [...layers, ...facts.layers] }, bytes }
    const inner = await unwrap(bytes, unpack)
    if (inner === undefined) break
    layers.push(inner.layer)
    bytes = Buffer.from(inner.bytes.buffer, inner.bytes.byteOffset, inner.bytes.length)
  }
  throw unknownKernel(bytes, layers)
}

async function inspectBare(bytes: Buffer, unpack: Unpack): Promise<KernelImage | undefined> {
  if (isArm64(bytes)) return inspectArm64(bytes)
  if (isRiscv(bytes)) return inspectRiscv(bytes)
  if (isZimage(bytes)) return inspectZimage(bytes, unpack)
  if (isBzimage(bytes)) return inspectBzimage(bytes, unpack)
  return undefined
}

interface Unwrapped {
  readonly layer: KernelLayer
  readonly bytes: Uint8Array
}

async function unwrap(bytes: Buffer, unpack: Unpack): Promise<Unwrapped | undefined> {
  if (isUimage(bytes)) return { layer: 'uimage', bytes: unwrapUimage(bytes) }
  const inner = isZboot(bytes) ? unwrapZboot(bytes) : bytes
  const layer = isZboot(bytes) ? 'efi-zboot' : detectCompression(bytes)
  const unpacked = await unpack(inner)
  return layer === undefined || unpacked === undefined ? undefined : { layer, bytes: unpacked }
}

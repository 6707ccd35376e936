import { findBanner } from './banner.ts'
import { findBuildId } from './build-id.ts'
import type { KernelImage } from './kernel-image.ts'

/** Documentation/arch/arm64/booting.rst, "Call the kernel image". */
const header = { size: 64, textOffset: 8, imageSize: 16, flags: 24, magic: 56 }
const magic = 'ARM\x64'
const pageSizes = [undefined, 4096, 16384, 65536] as const

export function isArm64(bytes: Buffer): boolean {
  return bytes.length >= header.size && bytes.toString('latin1', header.magic, header.magic + 4) === magic
}

export function inspectArm64(bytes: Buffer): KernelImage {
  const imageSize = Number(bytes.readBigUInt64LE(header.imageSize))
  const flags = bytes.readUInt32LE(header.flags)
  // Before Linux 3.17 the size was 0, and the offset of unspecified endianness but always this.
  const old = imageSize === 0
  return {
    layers: ['arm64-image'],
    architecture: 'arm64',
    memorySize: old ? undefined : imageSize,
    textOffset: old ? 0x80000 : Number(bytes.readBigUInt64LE(header.textOffset)),
    endianness: (flags & 1) === 0 ? 'little' : 'big',
    pageSize: pageSizes[(flags >> 1) & 3],
    placedAnywhere: (flags & 8) !== 0,
    efiStub: bytes.toString('latin1', 0, 2) === 'MZ',
    ...findBanner(bytes),
    buildId: findBuildId(bytes),
  }
}

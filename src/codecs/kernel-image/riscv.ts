import { findBanner } from './banner.ts'
import { findBuildId } from './build-id.ts'
import type { KernelImage } from './kernel-image.ts'

/** Documentation/arch/riscv/boot-image-header.rst. */
const header = { size: 64, textOffset: 8, imageSize: 16, flags: 24, magic2: 56 }
const magic2 = 'RSC\x05'

export function isRiscv(bytes: Buffer): boolean {
  return bytes.length >= header.size && bytes.toString('latin1', header.magic2, header.magic2 + 4) === magic2
}

export function inspectRiscv(bytes: Buffer): KernelImage {
  return {
    layers: ['riscv-image'],
    architecture: 'riscv',
    memorySize: Number(bytes.readBigUInt64LE(header.imageSize)),
    textOffset: Number(bytes.readBigUInt64LE(header.textOffset)),
    endianness: (bytes.readUInt32LE(header.flags) & 1) === 0 ? 'little' : 'big',
    pageSize: undefined,
    placedAnywhere: undefined,
    efiStub: bytes.toString('latin1', 0, 2) === 'MZ',
    ...findBanner(bytes),
    buildId: findBuildId(bytes),
  }
}

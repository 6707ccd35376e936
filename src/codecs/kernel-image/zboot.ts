import { damagedKernel } from './unknown.ts'

/** drivers/firmware/efi/libstub/zboot-header.S: MZ, "zimg", where the compressed Image is, its compressor. */
const header = { size: 64, imageType: 4, payloadOffset: 8, payloadSize: 12 }

export function isZboot(bytes: Buffer): boolean {
  return (
    bytes.length >= header.size &&
    bytes.toString('latin1', 0, 2) === 'MZ' &&
    bytes.toString('latin1', header.imageType, header.imageType + 4) === 'zimg'
  )
}

/** The compressed Image in it. Throws `kernel-image.truncated`. */
export function unwrapZboot(bytes: Buffer): Uint8Array {
  const offset = bytes.readUInt32LE(header.payloadOffset)
  const size = bytes.readUInt32LE(header.payloadSize)
  if (offset + size > bytes.length) throw damagedKernel('efi-zboot', offset + size, bytes.length)
  return bytes.subarray(offset, offset + size)
}

/**
 * An arm64 Image (Documentation/arch/arm64/booting.rst) whose first instruction branches to itself.
 * @param banner what it would say, if it could
 */
export function deadKernel(banner = 'Linux version 6.1.0-dead (me@here) (gcc 12) #1 SMP'): Uint8Array {
  const image = Buffer.alloc(8192)
  image.writeUInt32LE(0x14000000, 0)
  image.writeBigUInt64LE(BigInt(image.length), 16)
  image.write('ARM\x64', 56, 'latin1')
  image.write(`${banner}\n\0`, 128, 'latin1')
  return image
}

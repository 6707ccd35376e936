import { findBuildId } from './build-id.ts'
import type { KernelImage, Unpack } from './kernel-image.ts'
import { unpackPiggy } from './piggy.ts'

/** Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header". */
const header = {
  size: 0x268,
  setupSectors: 0x1f1,
  magic: 0x202,
  version: 0x206,
  kernelVersion: 0x20e,
  loadFlags: 0x236,
  payloadOffset: 0x248,
  payloadLength: 0x24c,
  initSize: 0x260,
}
const kernel64 = 1
const longestVersion = 1024

export function isBzimage(bytes: Buffer): boolean {
  return bytes.length >= header.size && bytes.toString('latin1', header.magic, header.magic + 4) === 'HdrS'
}

export async function inspectBzimage(bytes: Buffer, unpack: Unpack): Promise<KernelImage> {
  const protocol = bytes.readUInt16LE(header.version)
  const version = versionString(bytes)
  const vmlinux = protocol >= 0x208 ? await unpackVmlinux(bytes, unpack) : undefined
  const wide = protocol >= 0x20c && (bytes.readUInt16LE(header.loadFlags) & kernel64) !== 0
  return {
    layers: ['bzimage'],
    architecture: wide ? 'x86_64' : 'x86',
    memorySize: protocol >= 0x20a ? bytes.readUInt32LE(header.initSize) : undefined,
    textOffset: undefined,
    endianness: 'little',
    pageSize: undefined,
    placedAnywhere: undefined,
    efiStub: bytes.toString('latin1', 0, 2) === 'MZ',
    release: version?.split(' ')[0],
    banner: version === undefined ? undefined : `Linux version ${version}`,
    buildId: vmlinux === undefined ? undefined : findBuildId(vmlinux),
  }
}

function versionString(bytes: Buffer): string | undefined {
  const pointer = bytes.readUInt16LE(header.kernelVersion)
  if (pointer === 0) return undefined
  const text = bytes.toString('latin1', 0x200 + pointer, 0x200 + pointer + longestVersion)
  return text.split('\0')[0]
}

/** The kernel proper, an ELF file. */
function unpackVmlinux(bytes: Buffer, unpack: Unpack): Promise<Buffer | undefined> {
  const setup = 512 * ((bytes[header.setupSectors] || 4) + 1)
  const start = setup + bytes.readUInt32LE(header.payloadOffset)
  return unpackPiggy(bytes.subarray(start, start + bytes.readUInt32LE(header.payloadLength)), unpack)
}

import { findBanner } from './banner.ts'
import { findBuildId } from './build-id.ts'
import type { KernelImage, Unpack } from './kernel-image.ts'
import { unpackPiggy } from './piggy.ts'

/** arch/arm/boot/compressed/head.S: magic, start, end, endianness, second magic, table. */
const header = { size: 0x40, magic: 0x24, endianness: 0x30, tableMagic: 0x34, table: 0x38 }
const magic = 0x016f2818
const tableMagic = 0x45454545
const kernelSizeTag = 0x5a534c4b

export function isZimage(bytes: Buffer): boolean {
  if (bytes.length < header.size) return false
  return bytes.readUInt32LE(header.magic) === magic || bytes.readUInt32BE(header.magic) === magic
}

export async function inspectZimage(bytes: Buffer, unpack: Unpack): Promise<KernelImage> {
  const little = bytes.readUInt32LE(header.magic) === magic
  const table = sizeTable(bytes, little)
  const kernel = await findPiggy(bytes.subarray(header.size, table?.piggyEnd), unpack)
  return {
    layers: ['zimage'],
    architecture: 'arm',
    memorySize: table?.memorySize,
    textOffset: undefined,
    endianness: little ? 'little' : 'big',
    pageSize: undefined,
    placedAnywhere: undefined,
    efiStub: bytes.toString('latin1', 0, 2) === 'MZ',
    ...(kernel === undefined ? { release: undefined, banner: undefined } : findBanner(kernel)),
    buildId: kernel === undefined ? undefined : findBuildId(kernel),
  }
}

/** The table that zImages have since Linux 4.15: where the compressed kernel ends, and what it unpacks to. */
function sizeTable(bytes: Buffer, little: boolean): { piggyEnd: number; memorySize: number } | undefined {
  const word = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  if (word(header.tableMagic) !== tableMagic) return undefined
  const table = word(header.table)
  if (table + 16 > bytes.length || word(table + 4) !== kernelSizeTag) return undefined
  const sizeAt = word(table + 8)
  if (sizeAt + 4 > bytes.length) return undefined
  // The size behind the compressed kernel is little-endian whatever the CPU is; the BSS comes on top.
  return { piggyEnd: sizeAt + 4, memorySize: bytes.readUInt32LE(sizeAt) + word(table + 12) }
}

const piggyMagics = ['1f8b0800', 'fd377a585a00', '894c5a4f', '02214c18', '28b52ffd', '5d000080'].map((hex) =>
  Buffer.from(hex, 'hex'),
)

/** The decompressor in front of the kernel holds its magic, too. */
const maximumTries = 8

/** Where the compressed kernel begins is not written anywhere, so all magics are tried in turn. */
async function findPiggy(bytes: Buffer, unpack: Unpack): Promise<Buffer | undefined> {
  for (const piggyMagic of piggyMagics) {
    let at = bytes.indexOf(piggyMagic)
    for (let tries = 0; at !== -1 && tries < maximumTries; tries++) {
      const kernel = await unpackPiggy(bytes.subarray(at), unpack)
      if (kernel !== undefined) return kernel
      at = bytes.indexOf(piggyMagic, at + 1)
    }
  }
  return undefined
}

import { payloadError } from '../../codecs/payload-error.ts'

/** One section of a relocatable ELF file (elf(5)). */
export interface ElfSection {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly info: number
  /** Where its header begins. */
  readonly header: number
}

/** What of a kernel module is looked at: a relocatable ELF file, its numbers read in its own byte order. */
export interface ElfObject {
  readonly bytes: Buffer
  /** 64 bits wide. */
  readonly wide: boolean
  readonly little: boolean
  /** `e_machine`. */
  readonly machine: number
  readonly sections: readonly ElfSection[]
  /** The content of the first section of that name. */
  content(name: string): Buffer | undefined
}

export const sectionType = { symbols: 2, strings: 3, rela: 4, nobits: 8, rel: 9, group: 17, symbolsIndex: 18 }
export const sectionFlag = { alloc: 2 }

/**
 * Reads the section table of an ELF file. Throws `module.not-elf` and `module.damaged`.
 * @param name of the file, for the error
 */
export function readElfObject(content: Uint8Array, name: string): ElfObject {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
  if (bytes.length < 52 || bytes.readUInt32BE(0) !== 0x7f454c46) {
    throw payloadError('module.not-elf', `${name} is no kernel module: it is no ELF file`, { name })
  }
  try {
    return readTable(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw payloadError(
      'module.damaged',
      `${name} is damaged: its section table points beyond its ${bytes.length} bytes`,
      { name, size: bytes.length },
      error,
    )
  }
}

function readTable(bytes: Buffer): ElfObject {
  const { wide, little, u16, u32, word } = elfNumbers(bytes)
  const table = word(wide ? 0x28 : 0x20)
  const entrySize = u16(wide ? 0x3a : 0x2e)
  const count = u16(wide ? 0x3c : 0x30)
  const namesIndex = u16(wide ? 0x3e : 0x32)
  const bare = Array.from({ length: count }, (_, index) => {
    const header = table + index * entrySize
    const [offset, size] = wide
      ? [word(header + 24), word(header + 32)]
      : [word(header + 16), word(header + 20)]
    const type = u32(header + 4)
    if (type !== sectionType.nobits && offset + size > bytes.length) throw new RangeError('section')
    const [link, info] = wide ? [u32(header + 40), u32(header + 44)] : [u32(header + 24), u32(header + 28)]
    return { index, header, nameAt: u32(header), type, flags: word(header + 8), offset, size, link, info }
  })
  const names = bare[namesIndex]
  const sections = bare.map(({ nameAt, ...section }): ElfSection => ({
    ...section,
    name: names === undefined ? '' : textAt(bytes, names.offset + nameAt, names.offset + names.size),
  }))
  const content = (name: string) => {
    const found = sections.find((section) => section.name === name && section.type !== sectionType.nobits)
    return found && bytes.subarray(found.offset, found.offset + found.size)
  }
  return { bytes, wide, little, machine: u16(0x12), sections, content }
}

/** Reads numbers in the byte order and the width of an ELF file. */
export function elfNumbers(bytes: Buffer) {
  const wide = bytes[4] === 2
  const little = bytes[5] !== 2
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const u64 = (at: number) => Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  return { wide, little, u16, u32, word: wide ? u64 : u32 }
}

function textAt(bytes: Buffer, start: number, end: number): string {
  const nul = bytes.indexOf(0, start)
  return bytes.toString('latin1', start, nul === -1 ? end : Math.min(nul, end))
}

import type { RandomAccess } from '../random-access.ts'

/** A function of an ELF file. */
export interface ElfFunction {
  readonly name: string
  /** Where it was linked to be; in a file that was not linked (`ET_REL`) its place in its section. */
  readonly address: bigint
  readonly size: number
  /** The name of its section. */
  readonly section: string
}

export interface ElfSymbols {
  /** `e_machine` of the header, e.g. 183 for AArch64. */
  readonly machine: number
  /** A file that was not linked, such as a kernel module. */
  readonly isRelocatable: boolean
  /** Whether there is DWARF in it. */
  readonly hasDebugInfo: boolean
  readonly functions: readonly ElfFunction[]
}

/**
 * Reads the functions that an ELF file names; of a large one only the tables that are needed. Source: System
 * V ABI, chapters "ELF header", "Sections" and "Symbol table".
 * @returns `undefined` for what is no ELF file
 */
export async function readElfSymbols(file: RandomAccess): Promise<ElfSymbols | undefined> {
  if (file.size < 64) return undefined
  const header = await view(file, 0, 64)
  if (header.bytes.readUInt32BE(0) !== 0x7f454c46) return undefined
  const { wide, u16, word } = header
  const [offset, size, count, nameIndex] = wide ? [0x28, 0x3a, 0x3c, 0x3e] : [0x20, 0x2e, 0x30, 0x32]
  const table = await view(file, Number(word(offset)), u16(size) * u16(count), header)
  const sections = Array.from({ length: u16(count) }, (_, index) => readSection(table, index * u16(size)))
  const names = await contentOf(file, sections[u16(nameIndex)])
  const nameOf = (index: number) => textAt(names, sections[index]?.name ?? 0)
  const symbols = sections.find(({ type }) => type === symbolTable)
  return {
    machine: u16(0x12),
    isRelocatable: u16(0x10) === relocatable,
    hasDebugInfo: sections.some((_, index) => /^\.z?debug_info$/.test(nameOf(index))),
    functions:
      symbols === undefined
        ? []
        : readFunctions(
            await view(file, symbols.offset, symbols.size, header),
            await contentOf(file, sections[symbols.link]),
            nameOf,
          ),
  }
}

const relocatable = 1
const symbolTable = 2
const functionType = 2

interface View {
  readonly bytes: Buffer
  readonly wide: boolean
  readonly u16: (at: number) => number
  readonly u32: (at: number) => number
  /** As wide as the file's addresses. */
  readonly word: (at: number) => bigint
}

async function view(
  file: RandomAccess,
  offset: number,
  length: number,
  like?: Pick<View, 'wide'> & { readonly bytes: Buffer },
): Promise<View> {
  const read = await file.read(offset, length)
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength)
  const ident = like?.bytes ?? bytes
  const wide = ident[4] === 2
  const little = ident[5] !== 2
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const u64 = (at: number) => (little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  return { bytes, wide, u16, u32, word: wide ? u64 : (at) => BigInt(u32(at)) }
}

interface Section {
  readonly name: number
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

function readSection({ wide, u32, word }: View, at: number): Section {
  return {
    name: u32(at),
    type: u32(at + 4),
    offset: Number(word(at + (wide ? 0x18 : 0x10))),
    size: Number(word(at + (wide ? 0x20 : 0x14))),
    link: u32(at + (wide ? 0x28 : 0x18)),
  }
}

async function contentOf(file: RandomAccess, section: Section | undefined): Promise<Buffer> {
  if (section === undefined) return Buffer.alloc(0)
  const bytes = await file.read(section.offset, section.size)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function readFunctions(table: View, strings: Buffer, sectionName: (index: number) => string): ElfFunction[] {
  const { wide, u16, u32, word, bytes } = table
  const entry = wide ? 24 : 16
  const functions: ElfFunction[] = []
  for (let at = 0; at + entry <= bytes.length; at += entry) {
    if (((bytes[at + (wide ? 4 : 12)] ?? 0) & 0xf) !== functionType) continue
    functions.push({
      name: textAt(strings, u32(at)),
      address: word(at + (wide ? 8 : 4)),
      size: Number(word(at + (wide ? 16 : 8))),
      section: sectionName(u16(at + (wide ? 6 : 14))),
    })
  }
  return functions
}

function textAt(strings: Buffer, at: number): string {
  const end = strings.indexOf(0, at)
  return strings.toString('latin1', at, end === -1 ? strings.length : end)
}

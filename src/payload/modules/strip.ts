import { isDebug } from './module-info.ts'
import { readElfObject, sectionFlag, sectionType, type ElfObject, type ElfSection } from './elf-object.ts'

/**
 * A module without its debug sections, as `strip --strip-debug` makes it: what the kernel reads stays
 * as it is, sections only move together and the table is renumbered. A signature, which would no
 * longer hold, goes. A module without debug sections is returned unchanged.
 */
export function stripDebug(module: Uint8Array, name: string): Uint8Array {
  const elf = readElfObject(module, name)
  const dropped = droppedSections(elf)
  return dropped.size === 0 ? module : new Stripper(elf, dropped).strip()
}

/** Debug sections, and the relocations and groups that are for them alone. */
function droppedSections({ sections, bytes }: ElfObject): ReadonlySet<number> {
  const dropped = new Set(sections.filter(isDebugSection).map(({ index }) => index))
  for (const { type, info, index } of sections) {
    if ((type === sectionType.rela || type === sectionType.rel) && dropped.has(info)) dropped.add(index)
  }
  for (const section of sections) {
    if (section.type !== sectionType.group) continue
    const view = bytes.subarray(section.offset, section.offset + section.size)
    const members = Array.from({ length: Math.max(0, view.length / 4 - 1) }, (_, at) =>
      view.readUInt32LE(4 + 4 * at),
    )
    if (members.length > 0 && members.every((member) => dropped.has(member))) dropped.add(section.index)
  }
  return dropped
}

function isDebugSection({ name, flags }: ElfSection): boolean {
  return isDebug(name) && (flags & sectionFlag.alloc) === 0
}

class Stripper {
  readonly #elf: ElfObject
  readonly #kept: readonly ElfSection[]
  readonly #newIndex: ReadonlyMap<number, number>

  constructor(elf: ElfObject, dropped: ReadonlySet<number>) {
    this.#elf = elf
    this.#kept = elf.sections.filter(({ index }) => !dropped.has(index))
    this.#newIndex = new Map(this.#kept.map(({ index }, position) => [index, position]))
  }

  strip(): Uint8Array {
    const { bytes, wide } = this.#elf
    const headerSize = wide ? 64 : 52
    const symbols = this.#rewriteSymbols()
    const chunks: Buffer[] = [Buffer.from(bytes.subarray(0, headerSize))]
    const offsets = new Map<number, number>()
    let size = headerSize
    for (const section of this.#kept) {
      const data = section.type === sectionType.nobits ? Buffer.alloc(0) : this.#content(section, symbols)
      const padding = Buffer.alloc(-size & 15 ? 16 - (size & 15) : 0)
      chunks.push(padding, data)
      offsets.set(section.index, size + padding.length)
      size += padding.length + data.length
    }
    const padding = Buffer.alloc((8 - (size % 8)) % 8)
    const table = this.#sectionTable(offsets, symbols)
    const result = Buffer.concat([...chunks, padding, table])
    this.#patchHeader(result, size + padding.length)
    return result
  }

  #content(section: ElfSection, symbols: Symbols | undefined): Buffer {
    const { bytes } = this.#elf
    if (symbols !== undefined && section.index === symbols.section.index) return symbols.table
    const data = bytes.subarray(section.offset, section.offset + section.size)
    if (section.type === sectionType.group) return this.#remapGroup(Buffer.from(data))
    const isRelocation = section.type === sectionType.rela || section.type === sectionType.rel
    return symbols !== undefined && isRelocation && section.link === symbols.section.index
      ? this.#remapRelocations(Buffer.from(data), section.type === sectionType.rela, symbols)
      : data
  }

  /** Symbols of dropped sections go; the others get new numbers. */
  #rewriteSymbols(): Symbols | undefined {
    const section = this.#kept.find(({ type }) => type === sectionType.symbols)
    if (section === undefined) return undefined
    const { bytes, wide, little } = this.#elf
    const entrySize = wide ? 24 : 16
    const at = wide ? 6 : 14
    const entries: Buffer[] = []
    const newIndex = new Map<number, number>()
    let locals = 0
    for (let index = 0; index < section.size / entrySize; index++) {
      const start = section.offset + index * entrySize
      const entry = Buffer.from(bytes.subarray(start, start + entrySize))
      const owner = little ? entry.readUInt16LE(at) : entry.readUInt16BE(at)
      const isReserved = owner === 0 || owner >= 0xff00
      const moved = isReserved ? owner : this.#newIndex.get(owner)
      if (moved === undefined) continue
      if (little) entry.writeUInt16LE(moved, at)
      else entry.writeUInt16BE(moved, at)
      newIndex.set(index, entries.length)
      entries.push(entry)
      if (index < section.info) locals++
    }
    return { section, table: Buffer.concat(entries), newIndex, locals }
  }

  #remapRelocations(data: Buffer, hasAddend: boolean, { newIndex }: Symbols): Buffer {
    const { wide, little } = this.#elf
    const entrySize = (wide ? 16 : 8) + (hasAddend ? (wide ? 8 : 4) : 0)
    for (let at = 0; at + entrySize <= data.length; at += entrySize) {
      // r_info: the symbol in the high 32 bits (64-bit files), in the high 24 bits (32-bit files)
      const place = wide ? at + 8 + (little ? 4 : 0) : at + 4
      const value = little ? data.readUInt32LE(place) : data.readUInt32BE(place)
      const symbol = newIndex.get(wide ? value : value >>> 8) ?? 0
      const info = wide ? symbol : ((symbol << 8) | (value & 0xff)) >>> 0
      if (little) data.writeUInt32LE(info, place)
      else data.writeUInt32BE(info, place)
    }
    return data
  }

  #remapGroup(data: Buffer): Buffer {
    const { little } = this.#elf
    const words = Array.from({ length: data.length / 4 }, (_, at) =>
      little ? data.readUInt32LE(4 * at) : data.readUInt32BE(4 * at),
    )
    const [flags = 0, ...members] = words
    const kept = [flags, ...members.flatMap((member) => this.#newIndex.get(member) ?? [])]
    const result = Buffer.alloc(4 * kept.length)
    kept.forEach((word, at) => {
      if (little) result.writeUInt32LE(word, 4 * at)
      else result.writeUInt32BE(word, 4 * at)
    })
    return result
  }

  #sectionTable(offsets: ReadonlyMap<number, number>, symbols: Symbols | undefined): Buffer {
    const { bytes, wide } = this.#elf
    const entrySize = wide ? 64 : 40
    const put = wordWriter(this.#elf)
    return Buffer.concat(
      this.#kept.map((section) => {
        const header = Buffer.from(bytes.subarray(section.header, section.header + entrySize))
        put.address(header, wide ? 24 : 16, section.index === 0 ? 0 : (offsets.get(section.index) ?? 0))
        const data =
          section.type === sectionType.nobits ? section.size : this.#content(section, symbols).length
        put.address(header, wide ? 32 : 20, data)
        put.u32(header, wide ? 40 : 24, this.#newIndex.get(section.link) ?? 0)
        put.u32(header, wide ? 44 : 28, this.#infoOf(section, symbols))
        return header
      }),
    )
  }

  #infoOf({ type, info, index }: ElfSection, symbols: Symbols | undefined): number {
    if (type === sectionType.rela || type === sectionType.rel) return this.#newIndex.get(info) ?? 0
    if (type === sectionType.group) return symbols?.newIndex.get(info) ?? 0
    return symbols !== undefined && index === symbols.section.index ? symbols.locals : info
  }

  #patchHeader(file: Buffer, table: number): void {
    const { wide, sections } = this.#elf
    const put = wordWriter(this.#elf)
    put.address(file, wide ? 0x28 : 0x20, table)
    put.u16(file, wide ? 0x3c : 0x30, this.#kept.length)
    const names = sections.find(({ name }) => name === '.shstrtab')
    put.u16(file, wide ? 0x3e : 0x32, this.#newIndex.get(names?.index ?? 0) ?? 0)
  }
}

interface Symbols {
  readonly section: ElfSection
  readonly table: Buffer
  readonly newIndex: ReadonlyMap<number, number>
  /** How many symbols are local: they come first. */
  readonly locals: number
}

function wordWriter({ wide, little }: ElfObject) {
  const u16 = (to: Buffer, at: number, value: number) =>
    little ? to.writeUInt16LE(value, at) : to.writeUInt16BE(value, at)
  const u32 = (to: Buffer, at: number, value: number) =>
    little ? to.writeUInt32LE(value, at) : to.writeUInt32BE(value, at)
  const u64 = (to: Buffer, at: number, value: number) =>
    little ? to.writeBigUInt64LE(BigInt(value), at) : to.writeBigUInt64BE(BigInt(value), at)
  return { u16, u32, address: wide ? u64 : u32 }
}

const programHeaderNote = 4
/** vDSOs are aligned to pages and have a few of them. */
const page = 4096
const vdsoPages = 16

export function isElf(bytes: Buffer, at: number): boolean {
  return bytes.length - at >= 64 && bytes.readUInt32BE(at) === 0x7f454c46
}

/** Whether a position lies within an ELF file that begins at a page before it, as vDSOs do. */
export function crossingElf(bytes: Buffer, at: number): boolean {
  const first = at - (at % page)
  for (let start = first; start >= 0 && start > first - vdsoPages * page; start -= page) {
    if (isElf(bytes, start)) return at < start + sizeOfElf(bytes, start)
  }
  return false
}

/** The section headers come last. */
function sizeOfElf(bytes: Buffer, start: number): number {
  const { wide, u16, address } = fields(bytes, start)
  const [sectionOffset, entrySize, count] = wide ? [0x28, 0x3a, 0x3c] : [0x20, 0x2e, 0x30]
  return address(sectionOffset) + u16(entrySize) * u16(count)
}

/** The content of an ELF file's first note segment; empty when it has none. */
export function notesOfElf(bytes: Buffer): Buffer {
  const { wide, u16, u32, address } = fields(bytes, 0)
  const table = address(wide ? 0x20 : 0x1c)
  const entrySize = u16(wide ? 0x36 : 0x2a)
  const count = entrySize < (wide ? 56 : 32) ? 0 : u16(wide ? 0x38 : 0x2c)
  for (let index = 0; index < count; index++) {
    const entry = table + index * entrySize
    if (entry + entrySize > bytes.length) break
    if (u32(entry) !== programHeaderNote) continue
    const offset = address(entry + (wide ? 0x08 : 0x04))
    return bytes.subarray(offset, offset + address(entry + (wide ? 0x20 : 0x10)))
  }
  return bytes.subarray(0, 0)
}

function fields(bytes: Buffer, start: number) {
  const wide = bytes[start + 4] === 2
  const little = bytes[start + 5] !== 2
  const u16 = (at: number) => (little ? bytes.readUInt16LE(start + at) : bytes.readUInt16BE(start + at))
  const u32 = (at: number) => (little ? bytes.readUInt32LE(start + at) : bytes.readUInt32BE(start + at))
  const u64 = (at: number) =>
    Number(little ? bytes.readBigUInt64LE(start + at) : bytes.readBigUInt64BE(start + at))
  return { wide, u16, u32, address: wide ? u64 : u32 }
}

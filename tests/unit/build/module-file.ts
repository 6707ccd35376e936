/** A relocatable ELF file with a `.modinfo` and the name table. */
export function moduleFile(...fields: string[]): Buffer {
  const info = Buffer.from(fields.map((field) => `${field}\0`).join(''))
  const names = Buffer.from('\0.modinfo\0.shstrtab\0')
  const head = Buffer.alloc(64)
  head.write('\x7fELF\x02\x01\x01', 0, 'latin1')
  head.writeUInt16LE(1, 16)
  head.writeUInt16LE(183, 18)
  head.writeBigUInt64LE(BigInt(64 + info.length + names.length), 0x28)
  head.writeUInt16LE(64, 0x3a)
  head.writeUInt16LE(3, 0x3c)
  head.writeUInt16LE(2, 0x3e)
  const section = (name: number, type: number, offset: number, size: number) => {
    const header = Buffer.alloc(64)
    header.writeUInt32LE(name, 0)
    header.writeUInt32LE(type, 4)
    header.writeBigUInt64LE(BigInt(offset), 24)
    header.writeBigUInt64LE(BigInt(size), 32)
    return header
  }
  const table = [
    section(0, 0, 0, 0),
    section(1, 1, 64, info.length),
    section(10, 3, 64 + info.length, names.length),
  ]
  return Buffer.concat([head, info, names, ...table])
}

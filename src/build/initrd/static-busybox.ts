import { readFile } from 'node:fs/promises'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/**
 * Reads a busybox that needs no libraries.
 * @throws HilError `payload.busybox` (payload) when the file can't be read or is no static executable
 */
export async function readStaticBusybox(busybox: string): Promise<Uint8Array> {
  const bytes = await readFile(busybox).catch((error: unknown) => {
    throw unusable(busybox, `can't be read: ${reasonOf(error)}`)
  })
  if (bytes.subarray(0, 4).toString('latin1') !== '\x7fELF') throw unusable(busybox, 'is no ELF executable')
  if (needsInterpreter(bytes)) {
    throw unusable(
      busybox,
      'is linked dynamically; an initramfs without libraries needs a static one (Debian: busybox-static)',
    )
  }
  return bytes
}

function unusable(busybox: string, why: string): HilError {
  return new HilError('payload.busybox', `the busybox for the initramfs, ${busybox}, ${why}`, {
    blame: 'payload',
    details: { busybox },
  })
}

/** Whether an ELF file has a program header of type PT_INTERP (elf(5)). */
function needsInterpreter(elf: Buffer): boolean {
  const is64 = elf[4] === 2
  const isLittle = elf[5] === 1
  const u16 = (at: number) => (isLittle ? elf.readUInt16LE(at) : elf.readUInt16BE(at))
  const u32 = (at: number) => (isLittle ? elf.readUInt32LE(at) : elf.readUInt32BE(at))
  const u64 = (at: number) => Number(isLittle ? elf.readBigUInt64LE(at) : elf.readBigUInt64BE(at))
  const table = is64 ? u64(32) : u32(28)
  const entrySize = u16(is64 ? 54 : 42)
  const count = u16(is64 ? 56 : 44)
  for (let i = 0; i < count; i++) {
    const at = table + i * entrySize
    if (at + 4 > elf.length) return false
    if (u32(at) === ptInterp) return true
  }
  return false
}

const ptInterp = 3

import { openChecked, paddingTo, toByteSource, type ByteSource, type Content } from '../byte-source.ts'

/**
 * Puts archives, compressed or not, one after the other as one initramfs. The order is the caller's,
 * for later members win. Every member but the last is padded: see `padMember`.
 */
export function joinMembers(members: readonly Content[], alignment: 4 | 512 = 4): ByteSource {
  const sources = members.map((member, index) =>
    index === members.length - 1 ? toByteSource(member) : padMember(member, alignment),
  )
  return {
    size: sources.reduce((sum, { size }) => sum + size, 0),
    open: async function* () {
      for (const source of sources) yield* source.open()
    },
  }
}

/** The kernel sees the end of a legacy lz4 member only by a whole word of NULs. */
const leastPadding = 4

/**
 * One member with NULs behind it, so that what the bootloader appends is found by the kernel: it
 * takes an archive that is not compressed only at a multiple of 4, and bootloaders add no padding.
 */
export function padMember(member: Content, alignment: 4 | 512 = 4): ByteSource {
  const source = toByteSource(member)
  const padding = leastPadding + paddingTo(alignment, source.size + leastPadding)
  return {
    size: source.size + padding,
    open: async function* () {
      yield* openChecked(source, 'a member of the initramfs')
      yield new Uint8Array(padding)
    },
  }
}

import { openChecked, paddingTo, toByteSource, type ByteSource, type Content } from '../byte-source.ts'

/**
 * Puts archives, compressed or not, one after the other as one initramfs. Every member but the last
 * is padded with NULs to `alignment`: the kernel takes a member that is not compressed only at a
 * multiple of 4, and bootloaders add no padding. The order is the caller's, for later members win.
 */
export function joinMembers(members: readonly Content[], alignment: 4 | 512 = 4): ByteSource {
  const sources = members.map(toByteSource)
  const padding = (index: number) =>
    index === sources.length - 1 ? 0 : paddingTo(alignment, sources[index]?.size ?? 0)
  return {
    size: sources.reduce((sum, source, index) => sum + source.size + padding(index), 0),
    open: async function* () {
      for (const [index, source] of sources.entries()) {
        yield* openChecked(source, `member ${index + 1} of the initramfs`)
        if (padding(index) > 0) yield new Uint8Array(padding(index))
      }
    },
  }
}

/** One member, padded so that whatever the bootloader appends begins where the kernel looks for it. */
export function padMember(member: Content, alignment: 4 | 512 = 4): ByteSource {
  const source = toByteSource(member)
  const padding = paddingTo(alignment, source.size)
  return padding === 0 ? source : joinMembers([source, new Uint8Array(padding)], alignment)
}

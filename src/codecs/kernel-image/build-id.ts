import { crossingElf, isElf, notesOfElf } from './elf.ts'

/** A note of type 3 and 20 bytes, owner GNU: what `ld --build-id` writes (SHA-1). */
const noteHeader = {
  little: Buffer.from('040000001400000003000000474e5500', 'hex'),
  big: Buffer.from('000000040000001400000003474e5500', 'hex'),
}
const buildIdSize = 20

/**
 * The build-id of a kernel: of an ELF file from its notes, of a raw image by searching. An image also
 * holds the vDSOs, ELF files with build-ids of their own, which are passed over.
 */
export function findBuildId(bytes: Buffer): string | undefined {
  if (isElf(bytes, 0)) return firstBuildId(notesOfElf(bytes), () => false)
  return firstBuildId(bytes, (at) => crossingElf(bytes, at))
}

function firstBuildId(bytes: Buffer, skip: (at: number) => boolean): string | undefined {
  for (const needle of [noteHeader.little, noteHeader.big]) {
    for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 4)) {
      const end = at + needle.length + buildIdSize
      if (at % 4 === 0 && end <= bytes.length && !skip(at))
        return bytes.toString('hex', at + needle.length, end)
    }
  }
  return undefined
}

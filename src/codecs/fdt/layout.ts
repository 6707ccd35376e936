import { fdtError } from './errors.ts'

/** Devicetree specification, "Flattened Devicetree (DTB) Format": ten big-endian words. */
export const headerSize = 40
export const fdtMagic = 0xd00dfeed
export const fdtVersion = 17
export const lastCompatibleVersion = 16

/** Beyond it offsets would not be safe in the 32-bit arithmetic of those who boot it. */
const maximumSize = 0x7fffffff
const gzipMagic = 0x1f8b

export interface Block {
  readonly offset: number
  readonly size: number
}

/** What the header says, checked against the size of the file. */
export interface FdtLayout {
  readonly totalSize: number
  readonly version: number
  readonly structure: Block
  readonly strings: Block
  /** The reserve map has no size of its own: it ends with an entry of zeros, within the tree. */
  readonly reserveMap: Block
  readonly bootCpu: number
}

/**
 * @param head the first bytes of the file, at least `headerSize` where the file has so many
 * @param fileSize what follows the tree in the file is no concern of its
 */
export function readLayout(head: Uint8Array, fileSize: number): FdtLayout {
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  if (fileSize >= 4) checkMagic(view)
  if (fileSize < headerSize || head.length < headerSize) {
    throw fdtError('truncated', fileSize, `ends within its header of ${headerSize} bytes`, { fileSize })
  }
  const word = (index: number) => view.getUint32(4 * index)
  const totalSize = word(1)
  checkVersion(word(5), word(6))
  if (totalSize > fileSize) {
    throw fdtError('truncated', fileSize, `has ${totalSize} bytes, of which the file holds ${fileSize}`, {
      totalSize,
      fileSize,
    })
  }
  if (totalSize > maximumSize || totalSize < headerSize) {
    throw fdtError('layout', 4, `says it has ${totalSize} bytes, which can't be`, { totalSize })
  }
  return {
    totalSize,
    version: word(5),
    structure: block('structure block', { offset: word(2), size: word(9) }, 4, 8, totalSize),
    strings: block('strings block', { offset: word(3), size: word(8) }, 1, 12, totalSize),
    reserveMap: block('memory reserve map', { offset: word(4), size: totalSize - word(4) }, 8, 16, totalSize),
    bootCpu: word(7),
  }
}

function checkMagic(view: DataView): void {
  const magic = view.getUint32(0)
  if (magic === fdtMagic) return
  const hint = magic >>> 16 === gzipMagic ? ': it is gzipped, unpack it first' : ''
  const seen = `0x${magic.toString(16).padStart(8, '0')}`
  throw fdtError('magic', 0, `begins with ${seen}, not with 0xd00dfeed${hint}`, { magic })
}

function checkVersion(version: number, lastCompatible: number): void {
  if (version >= fdtVersion && lastCompatible <= fdtVersion) return
  throw fdtError(
    'version',
    20,
    `has version ${version}, readable as ${lastCompatible}; only version 17 is read`,
    {
      version,
      lastCompatible,
    },
  )
}

function block(
  name: string,
  { offset, size }: Block,
  alignment: number,
  field: number,
  totalSize: number,
): Block {
  const fault =
    offset < headerSize
      ? `begins within the header, at ${offset}`
      : offset % alignment !== 0
        ? `begins at ${offset}, which is no multiple of ${alignment}`
        : size < 0 || offset + size > totalSize
          ? `reaches from ${offset} to ${offset + size}, beyond the ${totalSize} bytes of the tree`
          : undefined
  if (fault !== undefined)
    throw fdtError('layout', field, `is damaged: its ${name} ${fault}`, { block: name, begin: offset, size })
  return { offset, size }
}

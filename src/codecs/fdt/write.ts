import { openChecked, type ByteSource, type Content } from '../byte-source.ts'
import { payloadError } from '../payload-error.ts'
import { fdtMagic, fdtVersion, headerSize, lastCompatibleVersion } from './layout.ts'
import { reservationSize } from './reserve-map.ts'
import { StringsTable } from './strings-table.ts'
import { StructWriter, type Piece } from './struct-writer.ts'
import type { Fdt, FdtNode, MemoryReservation } from './tree.ts'

/** A tree to be written. What most trees don't have may be left out. */
export type WritableFdt<V> = Pick<Fdt<V>, 'root'> & Partial<Fdt<V>>

/**
 * A device tree of version 17 in the layout of dtc: header, reserve map, structure, strings. Its size
 * is known at once; values that are sources are streamed when it is read.
 *
 * Throws `fdt.too-large` beyond 2 GiB, and while streaming `content.size-changed`.
 */
export function createFdt(tree: WritableFdt<Content>): ByteSource {
  const { size, pieces } = encode(tree)
  return {
    size,
    open: async function* () {
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) yield piece
        else yield* openChecked(piece.source, `the value of ${piece.name}`)
      }
    },
  }
}

/** The same in one buffer, for trees whose values are in memory. */
export function packFdt(tree: WritableFdt<Uint8Array>): Uint8Array {
  const { size, pieces } = encode(tree)
  return Buffer.concat(pieces as Uint8Array[], size)
}

function encode(tree: WritableFdt<Content>): { size: number; pieces: readonly Piece[] } {
  const strings = new StringsTable()
  const struct = new StructWriter()
  writeNode(tree.root, struct, strings)
  const structure = struct.finish()
  const reserveMap = encodeReservations(tree.reservations ?? [])
  const structOffset = headerSize + reserveMap.length
  const stringsOffset = structOffset + struct.size
  const size = stringsOffset + strings.size
  if (size > 0x7fffffff) {
    const message = `a device tree of ${size} bytes can't be booted: 2 GiB is the most`
    throw payloadError('fdt.too-large', message, { size })
  }
  const header = Buffer.alloc(headerSize)
  const places = [fdtMagic, size, structOffset, stringsOffset, headerSize]
  const rest = [fdtVersion, lastCompatibleVersion, tree.bootCpu ?? 0, strings.size, struct.size]
  ;[...places, ...rest].forEach((word, index) => header.writeUInt32BE(word, 4 * index))
  return { size, pieces: [header, reserveMap, ...structure, strings.toBytes()] }
}

function writeNode(node: FdtNode<Content>, struct: StructWriter, strings: StringsTable): void {
  struct.beginNode(node.name)
  for (const [name, value] of node.properties) struct.property(name, strings.add(name), value)
  for (const child of node.children.values()) writeNode(child, struct, strings)
  struct.endNode()
}

function encodeReservations(reservations: readonly MemoryReservation[]): Buffer {
  const map = Buffer.alloc(reservationSize * (reservations.length + 1))
  reservations.forEach(({ address, size }, index) => {
    map.writeBigUInt64BE(address, reservationSize * index)
    map.writeBigUInt64BE(size, reservationSize * index + 8)
  })
  return map
}

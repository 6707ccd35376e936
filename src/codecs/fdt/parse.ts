import { headerSize, readLayout, type FdtLayout } from './layout.ts'
import { readReservations } from './reserve-map.ts'
import { StructureScanner } from './scan.ts'
import { TreeBuilder } from './tree-builder.ts'
import type { Fdt, FdtNode } from './tree.ts'

/**
 * Reads a device tree that is in memory. Values are views into `bytes`. What follows the tree is
 * ignored. Throws HilErrors `fdt.*` that say the offset.
 */
export function parseFdt(bytes: Uint8Array): Fdt {
  const layout = readLayout(bytes.subarray(0, headerSize), bytes.length)
  const { reserveMap, bootCpu } = layout
  const reserved = bytes.subarray(reserveMap.offset, reserveMap.offset + reserveMap.size)
  return {
    root: buildRoot(bytes, layout, false),
    reservations: readReservations(reserved, reserveMap.offset),
    bootCpu,
  }
}

/** Only the root's own properties, such as `compatible` and `model`; the rest is neither read nor checked. */
export function parseFdtRoot(bytes: Uint8Array): FdtNode {
  return buildRoot(bytes, readLayout(bytes.subarray(0, headerSize), bytes.length), true)
}

function buildRoot(bytes: Uint8Array, layout: FdtLayout, rootOnly: boolean): FdtNode {
  const { strings } = layout
  const builder = new TreeBuilder((_offset, _length, value) => value ?? new Uint8Array(0), { rootOnly })
  const names = bytes.subarray(strings.offset, strings.offset + strings.size)
  const window = { start: 0, bytes: bytes.subarray(0, layout.structure.offset + layout.structure.size) }
  // All bytes are at hand, so it never asks for others.
  new StructureScanner(layout.structure, names, builder, Infinity).scan(window)
  return builder.root
}

import type { RandomAccess } from '../random-access.ts'
import { fdtError } from './errors.ts'
import { headerSize, readLayout, type Block, type FdtLayout } from './layout.ts'
import { maximumReservations, readReservations, reservationSize } from './reserve-map.ts'
import { StructureScanner, type Window, type WindowRequest } from './scan.ts'
import { TreeBuilder } from './tree-builder.ts'
import type { Fdt, FdtNode, FdtPlace } from './tree.ts'

export interface OpenFdtOptions {
  /** Values up to this many bytes are read along; of longer ones only the place is known. @default 4096 */
  readonly inlineLimit?: number
}

/** Names of properties take some kilobytes; this bounds the memory that a damaged file can claim. */
const maximumStrings = 1 << 20
const reserveMapLimit = reservationSize * (maximumReservations + 1)
/** How much is read at once. Structure between large values is small. */
const windowSize = 8192
/** Nodes and properties together; a FIT of 1500 device trees has 30 000. More is no FIT, and would cost memory. */
const maximumItems = 1 << 19

export interface OpenedFdt extends Fdt<FdtPlace> {
  /** How many bytes of the file are the tree. */
  readonly totalSize: number
}

/**
 * Reads the structure of a device tree that is in a file, and the values that are short. A FIT of
 * hundreds of megabytes costs what its nodes cost. Throws HilErrors `fdt.*` that say the offset.
 */
export async function openFdt(
  source: RandomAccess,
  { inlineLimit = 4096 }: OpenFdtOptions = {},
): Promise<OpenedFdt> {
  const layout = await readHeader(source)
  const { reserveMap, bootCpu, totalSize } = layout
  const map = await source.read(reserveMap.offset, Math.min(reserveMap.size, reserveMapLimit))
  const root = await readStructure(source, layout, new PlaceBuilder(), inlineLimit)
  return { root, reservations: readReservations(map, reserveMap.offset), bootCpu, totalSize }
}

/** The properties of the root, such as `compatible`; the rest is neither read nor checked. */
export async function openFdtRoot(source: RandomAccess): Promise<FdtNode<FdtPlace>> {
  return readStructure(source, await readHeader(source), new PlaceBuilder({ rootOnly: true }), 4096)
}

async function readHeader(source: RandomAccess): Promise<FdtLayout> {
  return readLayout(await source.read(0, Math.min(headerSize, source.size)), source.size)
}

async function readStructure(
  source: RandomAccess,
  { structure, strings }: FdtLayout,
  builder: PlaceBuilder,
  inlineLimit: number,
): Promise<FdtNode<FdtPlace>> {
  if (strings.size > maximumStrings) {
    const what = `has a strings block of ${strings.size} bytes; at most ${maximumStrings} are read`
    throw fdtError('layout', 32, what, { size: strings.size })
  }
  const names = await source.read(strings.offset, strings.size)
  const scanner = new StructureScanner(structure, names, builder, inlineLimit)
  let needed: WindowRequest | undefined = { offset: structure.offset, length: 0 }
  while (needed !== undefined) needed = scanner.scan(await readWindow(source, structure, needed))
  return builder.root
}

async function readWindow(source: RandomAccess, structure: Block, request: WindowRequest): Promise<Window> {
  const left = structure.offset + structure.size - request.offset
  const bytes = await source.read(request.offset, Math.min(left, Math.max(windowSize, request.length)))
  return { start: request.offset, bytes }
}

class PlaceBuilder extends TreeBuilder<FdtPlace> {
  #items = 0

  constructor(options: { readonly rootOnly?: boolean } = {}) {
    // A copy: a view would keep its whole window in memory.
    super((offset, length, bytes) => ({ offset, length, bytes: bytes && Uint8Array.from(bytes) }), options)
  }

  override beginNode(name: string, offset: number): void {
    this.#count(offset)
    super.beginNode(name, offset)
  }

  override property(name: string, offset: number, length: number, bytes: Uint8Array | undefined): void {
    this.#count(offset)
    super.property(name, offset, length, bytes)
  }

  #count(offset: number): void {
    if (++this.#items > maximumItems) {
      throw fdtError('structure', offset, `has more than ${maximumItems} nodes and properties`)
    }
  }
}

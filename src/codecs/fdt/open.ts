import type { RandomAccess } from '../random-access.ts'
import { fdtError } from './errors.ts'
import { headerSize, readLayout, type FdtLayout } from './layout.ts'
import { maximumReservations, readReservations, reservationSize } from './reserve-map.ts'
import { StructureScanner, type Window, type WindowRequest } from './scan.ts'
import { TreeBuilder } from './tree-builder.ts'
import type { Fdt, FdtPlace } from './tree.ts'

export interface OpenFdtOptions {
  /** Values up to this many bytes are read along; of longer ones only the place is known. @default 4096 */
  readonly inlineLimit?: number
}

/** Names of properties take some kilobytes; this bounds the memory that a damaged file can claim. */
const maximumStrings = 1 << 20
/** How much is read at once. Structure between large values is small. */
const windowSize = 8192
/** A tree that costs this much memory is no FIT and no device tree. */
const maximumNodes = 1 << 18

/**
 * Reads the structure of a device tree that is in a file, and the values that are short. A FIT of
 * hundreds of megabytes costs what its nodes cost. Throws HilErrors `fdt.*` that say the offset.
 */
export async function openFdt(
  source: RandomAccess,
  { inlineLimit = 4096 }: OpenFdtOptions = {},
): Promise<Fdt<FdtPlace>> {
  const layout = readLayout(await source.read(0, Math.min(headerSize, source.size)), source.size)
  const { strings, reserveMap, bootCpu } = layout
  if (strings.size > maximumStrings) {
    throw fdtError(
      'layout',
      32,
      `has a strings block of ${strings.size} bytes; at most ${maximumStrings} are read`,
    )
  }
  const mapSize = Math.min(reserveMap.size, reservationSize * (maximumReservations + 1))
  const [names, map] = await Promise.all([
    source.read(strings.offset, strings.size),
    source.read(reserveMap.offset, mapSize),
  ])
  const builder = new PlaceBuilder()
  const scanner = new StructureScanner(layout.structure, names, builder, inlineLimit)
  let needed: WindowRequest | undefined = { offset: layout.structure.offset, length: 0 }
  while (needed !== undefined) needed = scanner.scan(await readWindow(source, layout, needed))
  return { root: builder.root, reservations: readReservations(map, reserveMap.offset), bootCpu }
}

async function readWindow(
  source: RandomAccess,
  { structure }: FdtLayout,
  request: WindowRequest,
): Promise<Window> {
  const left = structure.offset + structure.size - request.offset
  const bytes = await source.read(request.offset, Math.min(left, Math.max(windowSize, request.length)))
  return { start: request.offset, bytes }
}

class PlaceBuilder extends TreeBuilder<FdtPlace> {
  #nodes = 0

  constructor() {
    // A copy: a view would keep its whole window in memory.
    super((offset, length, bytes) => ({ offset, length, bytes: bytes && Uint8Array.from(bytes) }))
  }

  override beginNode(name: string, offset: number): void {
    if (++this.#nodes > maximumNodes)
      throw fdtError('structure', offset, `has more than ${maximumNodes} nodes`)
    super.beginNode(name, offset)
  }
}

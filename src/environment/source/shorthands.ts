import { driverKeys } from '../schema/board-schema.ts'
import { mapEntries, type MapNode, type Node } from './node.ts'

/**
 * `bootloader: barebox` says the same as `bootloader: { driver: barebox }`. Written out before files
 * and defaults are merged, so that options given elsewhere for this driver are kept.
 */
export function expandShorthands(root: MapNode): MapNode {
  return mapEntries(root, (value, key) => {
    if (value.kind !== 'map') return value
    if (key === 'defaults') return expandBoard(value)
    if (key === 'templates' || key === 'boards') return mapEntries(value, expandBoard)
    return value
  })
}

function expandBoard(board: Node): Node {
  if (board.kind !== 'map') return board
  return mapEntries(board, (value, key) => {
    if (key === 'consoles' && value.kind === 'map') return mapEntries(value, expandDriver)
    return driverKeys.includes(key) ? expandDriver(value) : value
  })
}

function expandDriver(section: Node): Node {
  if (section.kind !== 'scalar' || typeof section.value !== 'string') return section
  const { place } = section
  return {
    kind: 'map',
    place,
    entries: new Map([['driver', { key: place, written: 'driver', value: section }]]),
  }
}

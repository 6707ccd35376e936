import { randomUUID } from 'node:crypto'

/** Names for the files of one board and one run in a directory that others use too. */
export function uniqueNames(board: string): (name: string) => string {
  const prefix = `hil-${board.replaceAll(/[^\w.-]/g, '_')}-${randomUUID().slice(0, 8)}`
  return (name) => `${prefix}-${name}`
}

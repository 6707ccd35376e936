import { HilError } from '../../core/errors.ts'
import type { BoardTarget } from '../../build/build-request.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { openEnvironment } from '../environment/environments.ts'

/** The board that a payload is for: the one named, or the only one of the environment. */
export async function findBoard(
  environment: string,
  name: string | undefined,
  cwd: string,
): Promise<BoardSpec> {
  const { boards, file } = await openEnvironment(environment, cwd)
  const names = boards.map((board) => board.name)
  const found = name === undefined ? boards : boards.filter((board) => board.name === name)
  const [board, ...others] = found
  if (board !== undefined && others.length === 0) return board
  const sentence =
    board === undefined
      ? `${file} has no board ${JSON.stringify(name)}; it has ${names.join(', ')}`
      : `${file} has several boards: say which one with --board (${names.join(', ')})`
  throw new HilError('payload.board', sentence, { blame: 'environment', details: { file, boards: names } })
}

/** What of a board matters to a payload. */
export function toTarget({ name, architecture, compatible, bootloader }: BoardSpec): BoardTarget {
  const kind = bootloader?.driver.name
  return {
    name,
    architecture,
    compatible,
    bootloader: kind === 'barebox' || kind === 'uboot' ? kind : undefined,
  }
}

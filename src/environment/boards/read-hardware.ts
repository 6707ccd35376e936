import type { BoardContext } from './board-context.ts'
import type { BoardSpec } from '../environment.ts'
import type { ExpandedBoard } from '../source/expand-boards.ts'
import { quote } from '../source/node.ts'
import { consoleSettingKeys } from './read-consoles.ts'
import { readDriver } from './read-driver.ts'
import type { PlaceSettings } from '../schema/place-schema.ts'
import { isPlace, readPlace } from './read-place.ts'

/**
 * A machine, or a power switch and a console, or a place: one of them, and in full.
 * @param settings of the board, where they are right
 */
export function readHardware(
  board: ExpandedBoard,
  settings: PlaceSettings | undefined,
  context: BoardContext,
): BoardSpec['hardware'] | undefined {
  if (isPlace(board)) return readPlace(board, settings, context)
  const { catalogue } = context
  const [machine, power, console] = sectionsOf(board)
  const complete = checkCombination(board, context)
  const chosen = machine && readDriver('machine', machine, catalogue, context)
  const chosenPower = power && readDriver('power', power, catalogue, context)
  const chosenConsole =
    machine === undefined && console !== undefined
      ? readDriver('console', { ...console, besides: consoleSettingKeys }, catalogue, context)
      : undefined
  if (!complete) return undefined
  if (chosen !== undefined) return { machine: chosen }
  return chosenPower && chosenConsole && { power: chosenPower, console: chosenConsole }
}

function sectionsOf({ node: { entries } }: ExpandedBoard) {
  return [entries.get('machine'), entries.get('power'), entries.get('console')] as const
}

/** @returns whether the parts make a board */
function checkCombination(board: ExpandedBoard, { problems }: BoardContext): boolean {
  const [machine, power, console] = sectionsOf(board)
  const name = `the board ${quote(board.name)}`
  const remedy = 'take out one of them, with null if it is inherited'
  if (machine !== undefined) {
    const consoleDriver = console?.value.kind === 'map' ? console.value.entries.get('driver') : undefined
    for (const [what, extra] of [
      ['"power"', power],
      ['a "console" driver', consoleDriver],
    ] as const) {
      if (extra === undefined) continue
      problems.add(extra.key, `${name} has a "machine" and ${what}, but a machine brings its own; ${remedy}`)
    }
    return power === undefined && consoleDriver === undefined
  }
  if (power === undefined && console === undefined) {
    problems.addAbsence(board.key, `${name} has neither a "machine" nor "power" and "console", nor a "place"`)
  } else if (console === undefined) {
    problems.addAbsence(board.key, `${name} has "power" but no "console"`)
  } else if (power === undefined) {
    problems.addAbsence(
      board.key,
      `${name} has a "console" but no "power"; write "power: manual" if a person switches it`,
    )
  }
  return power !== undefined && console !== undefined
}

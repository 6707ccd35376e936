import type { BoardContext } from './board-context.ts'
import type { BoardSpec, PlaceChoice, PlaceRole } from '../environment.ts'
import type { ExpandedBoard } from '../source/expand-boards.ts'
import { quote, type Entry } from '../source/node.ts'
import type { PlaceSettings } from '../schema/place-schema.ts'
import { consoleSettingKeys } from './read-consoles.ts'
import { readDriver } from './read-driver.ts'

/** Whether a coordinator has the board, as far as its keys tell. */
export function isPlace({ node: { entries } }: ExpandedBoard): boolean {
  return ['place', 'reserve', 'coordinator'].some((key) => entries.has(key))
}

/**
 * @param settings of the board, where they are right
 * @returns `undefined` when something is wrong, which was reported
 */
export function readPlace(
  board: ExpandedBoard,
  settings: PlaceSettings | undefined,
  context: BoardContext,
): BoardSpec['hardware'] | undefined {
  const { entries } = board.node
  const isComplete = checkKeys(board, context)
  const power = sectionFor('power', entries.get('power'))
  const console = sectionFor('console', entries.get('console'))
  const chosenPower = power && readDriver('power', power, context.catalogue, context)
  const chosenConsole =
    console && readDriver('console', { ...console, besides: consoleSettingKeys }, context.catalogue, context)
  if (!isComplete || (power && !chosenPower) || (console && !chosenConsole)) return undefined
  if (settings?.coordinator === undefined) return undefined
  const { place, reserve = {}, coordinator, use = {} } = settings
  const wanted = place === undefined ? { tags: reserve } : { name: place }
  return { place: { coordinator, wanted, use: given(use), power: chosenPower, console: chosenConsole } }
}

/** Without a driver it holds what is set for any. */
function sectionFor(kind: 'power' | 'console', section: Entry | undefined): Entry | undefined {
  if (section === undefined || kind === 'power') return section
  return section.value.kind === 'map' && !section.value.entries.has('driver') ? undefined : section
}

function given(use: { readonly [Role in PlaceRole]?: string | undefined }): PlaceChoice['use'] {
  return Object.fromEntries(Object.entries(use).filter(([, name]) => name !== undefined))
}

/** One place, or tags, and who is asked for it; and no other hardware. */
function checkKeys({ key, name, node: { entries } }: ExpandedBoard, { problems }: BoardContext): boolean {
  const board = `the board ${quote(name)}`
  const [place, reserve, coordinator, machine] = ['place', 'reserve', 'coordinator', 'machine'].map((each) =>
    entries.get(each),
  )
  if (machine !== undefined) {
    problems.add(
      machine.key,
      `${board} has a "machine", but a place brings its own hardware; take out one of them`,
    )
  }
  if (place !== undefined && reserve !== undefined) {
    problems.add(reserve.key, `${board} has a "place" and "reserve"; take out one of them`)
  }
  if (place === undefined && reserve === undefined) {
    problems.addAbsence(
      coordinator?.key ?? key,
      `${board} has a "coordinator", but neither the "place" it is there, nor tags to "reserve" one by`,
    )
  }
  if (coordinator === undefined) {
    const at = place ?? reserve
    problems.addAbsence(
      at?.key ?? key,
      `${board} is at a coordinator; say at which as "coordinator: HOST:20408"`,
    )
  }
  const isAlone = machine === undefined && (place === undefined) !== (reserve === undefined)
  return isAlone && coordinator !== undefined
}

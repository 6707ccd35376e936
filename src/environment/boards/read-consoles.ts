import type { BoardContext } from './board-context.ts'
import { consoleSettingsSchema, otherConsoleSettingsSchema } from '../schema/board-schema.ts'
import { checkOptions } from '../schema/check-options.ts'
import type { ConsoleSettings, OtherConsole } from '../environment.ts'
import type { ExpandedBoard } from '../source/expand-boards.ts'
import { emptyMap, withoutKeys, type Entry, type MapNode } from '../source/node.ts'
import { readDriver } from './read-driver.ts'

/** How long a console may be away that a labgrid exporter has. */
const placeReconnectMs = 120_000

/** The keys of the main console that are not its driver's. */
export const consoleSettingKeys = Object.keys(consoleSettingsSchema.shape)
const otherSettingKeys = Object.keys(otherConsoleSettingsSchema.shape)

/** What holds for the main console whichever driver it has. */
export function readConsoleSettings(
  { node: { entries }, key: boardKey }: ExpandedBoard,
  context: BoardContext,
): ConsoleSettings | undefined {
  const console = entries.get('console')
  const key = console?.key ?? boardKey
  const section = console?.value.kind === 'map' ? console.value : emptyMap(key)
  const isOfMachine = entries.has('machine')
  const isOfPlace = ['place', 'reserve'].some((each) => entries.has(each))
  const root =
    (isOfMachine || isOfPlace) && !section.entries.has('driver')
      ? section
      : onlyKeys(section, consoleSettingKeys)
  const checked = checkOptions({ schema: consoleSettingsSchema, root, key, name: 'console' }, context)
  if (checked === undefined) return undefined
  const settings = toSettings(checked.options)
  if (section.entries.has('reconnect')) return settings
  // The console of a machine is part of it.
  if (isOfMachine) return { ...settings, reconnectMs: 0 }
  // With its coordinator an exporter is gone for a while, and with it the console.
  return isOfPlace ? { ...settings, reconnectMs: placeReconnectMs } : settings
}

/** @returns `undefined` when something is wrong with one of them, which was reported */
export function readOtherConsoles(
  { node: { entries } }: ExpandedBoard,
  context: BoardContext,
): readonly OtherConsole[] | undefined {
  const consoles = entries.get('consoles')?.value
  if (consoles?.kind !== 'map') return []
  const read = [...consoles.entries].map(([name, section]) => readOtherConsole(name, section, context))
  return read.includes(undefined) ? undefined : read.filter((each) => each !== undefined)
}

function readOtherConsole(name: string, section: Entry, context: BoardContext): OtherConsole | undefined {
  const choice = readDriver('console', { ...section, besides: otherSettingKeys }, context.catalogue, context)
  const { key, value } = section
  const root = onlyKeys(value.kind === 'map' ? value : emptyMap(key), otherSettingKeys)
  const checked = checkOptions({ schema: otherConsoleSettingsSchema, root, key, name }, context)
  if (choice === undefined || checked === undefined) return undefined
  const { options } = checked
  return {
    ...{ name, choice, settings: toSettings(options), readsKernelLog: options['kernel-log'] },
    failOn: options['fail-on'].map((source) => new RegExp(source)),
  }
}

type Settings = NonNullable<ReturnType<typeof consoleSettingsSchema.parse>>

function toSettings(options: Settings): ConsoleSettings {
  return {
    charDelayMs: options['char-delay'],
    lineDelayMs: options['line-delay'],
    reconnectMs: options.reconnect,
    onlyWithPower: options['only-with-power'],
  }
}

function onlyKeys(map: MapNode, keys: readonly string[]): MapNode {
  return withoutKeys(
    map,
    [...map.entries.keys()].filter((key) => !keys.includes(key)),
  )
}

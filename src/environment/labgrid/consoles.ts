import { quote, type Entry, type MapNode } from '../source/node.ts'
import { driverNode } from './build.ts'
import { bootloaderDrivers } from './bootloaders.ts'
import type { Item } from './items.ts'
import { commandNode } from './power.ts'
import { isStrategy } from './strategies.ts'
import { pacing, translateSerial, withSettings } from './serial.ts'
import type { Target } from './target.ts'

export const consoleDrivers = ['SerialDriver', 'ExternalConsoleDriver']

/** The console on which bootloader and shell are, and those beside it. */
export interface TranslatedConsoles {
  readonly main: MapNode | undefined
  readonly others: ReadonlyMap<string, Entry>
}

/** @param drivers of consoles that are not lines to switch something by */
export function translateConsoles(target: Target, drivers: readonly Item[]): TranslatedConsoles | undefined {
  const main = mainConsole(target, drivers)
  if (main === undefined) return undefined
  const others = new Map<string, Entry>()
  for (const [index, item] of drivers.filter((each) => each !== main).entries()) {
    const console = translateConsole(target, item)
    const name = (item.name ?? `console-${index + 2}`).toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-')
    const key = /^[a-z]/.test(name) ? name : `console-${name}`
    if (console !== undefined) others.set(key, { key: item.place, written: key, value: console })
  }
  return { main: translateConsole(target, main), others }
}

/** The one that the drivers bind which talk on it; they have to agree. */
function mainConsole(target: Target, drivers: readonly Item[]): Item | undefined {
  const users = target.driversOf([...bootloaderDrivers, 'ShellDriver'])
  const named = [...users, ...target.drivers.filter(isStrategy)].flatMap((user) => {
    const name = user.bindings.get('console')
    return name === undefined ? [] : [{ user, name }]
  })
  const [first] = named
  const other = named.find(({ name }) => name !== first?.name)
  if (first !== undefined && other !== undefined) {
    const [a, b] = [
      `${first.user.className} on ${quote(first.name)}`,
      `${other.user.className} on ${quote(other.name)}`,
    ]
    target.context.problems.add(
      other.user.place,
      `hil has bootloader and shell on one console, and here they are on two: ${a}, ${b}`,
    )
    return undefined
  }
  const found = first === undefined ? drivers : drivers.filter(({ name }) => name === first.name)
  const [only, ...rivals] = found
  if (only !== undefined && rivals.length === 0) return only
  const user = first?.user ?? users[0]
  target.context.problems.add(
    user?.place ?? only?.place ?? target.entry.key,
    only === undefined
      ? `there is no console called ${quote(first?.name ?? '')} in the target ${quote(target.name)}`
      : `the target ${quote(target.name)} has several consoles (${found.map(({ name, className }) => name ?? className).join(', ')}): name the main one by "bindings: { console: NAME }"`,
  )
  return undefined
}

function translateConsole(target: Target, item: Item): MapNode | undefined {
  if (item.className === 'SerialDriver') return translateSerial(target, item)
  const attributes = target.attributesOf(item)
  const text = attributes.required('cmd')
  const command = text && commandNode(attributes, 'cmd', text)
  const settings = pacing(attributes)
  attributes.finish()
  if (command === undefined) return undefined
  if (isNeverSwitched(target)) {
    attributes.remark('the program is started once for a run; a power cycle does not start it anew')
  }
  return withSettings(driverNode(item.place, 'process', { command }), settings)
}

/** labgrid starts its program with the console, so that one which is the board itself needs no switch. */
function isNeverSwitched(target: Target): boolean {
  const [power] = target.driversOf(['ExternalPowerDriver'])
  const off = power?.attributes.entries.get('cmd_off')?.value
  return off?.kind === 'scalar' && ['true', ':', '/bin/true'].includes(String(off.value))
}

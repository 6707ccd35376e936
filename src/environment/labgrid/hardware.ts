import { quote, type Entry, type Node } from '../source/node.ts'
import { bootloaderDrivers } from './bootloaders.ts'
import { scalar } from './build.ts'
import { consoleDrivers, translateConsoles } from './consoles.ts'
import type { Item } from './items.ts'
import { onlyOne } from './only-one.ts'
import { translatePlace } from './place.ts'
import { powerDrivers, translatePower } from './power.ts'
import { translateQemu } from './qemu.ts'
import { isStrategy } from './strategies.ts'
import type { Target } from './target.ts'

/**
 * The parts that make a board: a machine, or a power switch and a console, or a place that brings them.
 * @param refused the drivers that hil has no counterpart for
 * @param options of the file, which may say where the coordinator is
 */
export function translateHardware(
  target: Target,
  refused: readonly Item[],
  options: ReadonlyMap<string, Entry>,
): Readonly<Record<string, Node | undefined>> {
  const remote = target.resource('RemotePlace')
  if (remote !== undefined) return translatePlace(target, remote, options)
  const { place } = target.entry.value
  const architecture = (name: string | undefined) => scalar(place, name ?? 'unknown')
  const machineItem = onlyOne(target, target.driversOf(['QEMUDriver']), 'emulators')
  const powerItems = target.driversOf(powerDrivers)
  if (machineItem !== undefined) {
    for (const { place: at, className } of [...powerItems, ...target.driversOf(consoleDrivers)]) {
      target.context.problems.add(
        at,
        `${className}: the QEMUDriver of this target brings power and console itself`,
      )
    }
    const machine = translateQemu(target, machineItem)
    return { architecture: architecture(machine?.architecture), machine: machine?.machine }
  }
  const lines = target.driversOf(consoleDrivers).filter((item) => !isSwitchingLine(target, item))
  // A driver that was refused may be the one that brings it.
  if (lines.length === 0 && refused.length === 0) noConsole(target)
  const consoles = lines.length === 0 ? undefined : translateConsoles(target, lines)
  const others = consoles?.others
  const power = powerOf(target, powerItems)
  return {
    architecture: architecture(undefined),
    ...power,
    console: consoles?.main,
    consoles: others === undefined || others.size === 0 ? undefined : { kind: 'map', place, entries: others },
  }
}

/** A serial port whose DTR or RTS switches something is no console. */
function isSwitchingLine(target: Target, { className, name }: Item): boolean {
  const outputs = target.driversOf(['SerialPortDigitalOutputDriver'])
  if (className !== 'SerialDriver' || outputs.length === 0) return false
  const bound = outputs.map(({ bindings }) => bindings.get('serial'))
  return bound.includes(name) || target.driversOf(['SerialDriver']).length === 1
}

function noConsole(target: Target): void {
  const users = target.driversOf([...bootloaderDrivers, 'ShellDriver'])
  const [user] = [...users, ...target.drivers]
  const what =
    user === undefined
      ? 'there is no driver, and hil'
      : `${user.className} is here without a console, and hil`
  target.context.problems.add(
    user?.place ?? target.entry.key,
    `${what} reaches a board by its console: by a SerialDriver, an ExternalConsoleDriver or a QEMUDriver`,
  )
}

function powerOf(target: Target, items: readonly Item[]): Readonly<Record<string, Node | undefined>> {
  const { problems } = target.context
  const bound = target.drivers.filter(isStrategy).flatMap((strategy) => strategy.bindings.get('power') ?? [])
  const named =
    bound.length === 0 ? items : items.filter(({ name }) => name !== undefined && bound.includes(name))
  const [item] = named
  if (item === undefined) {
    if (target.driversOf(consoleDrivers).length > 0) {
      problems.addRemark(
        target.entry.key,
        `the target ${quote(target.name)} has no power driver: a person is asked to switch it`,
      )
    }
    return { power: scalar(target.entry.value.place, 'manual') }
  }
  const power = onlyOne(target, named, 'power drivers') && translatePower(target, item)
  return { power: power?.power, 'power-off-time': power?.offTime }
}

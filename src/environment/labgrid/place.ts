import type { Entry, Node } from '../source/node.ts'
import { mapOf, scalar, textNode } from './build.ts'
import { consoleDrivers } from './consoles.ts'
import type { Item } from './items.ts'
import { onlyOne } from './only-one.ts'
import { localPowerDrivers, powerDrivers, powerOffTime, translatePower } from './power.ts'
import { pacing } from './serial.ts'
import type { Target } from './target.ts'
import { readText } from './text.ts'

/** Where labgrid looks for its coordinator when nobody says. */
const defaultCoordinator = '127.0.0.1:20408'

/**
 * A place of labgrid's coordinator, which brings console, power and the rest: what drivers say of them beside that is
 * kept, and the names by which they are bound.
 */
export function translatePlace(
  target: Target,
  remote: Item,
  options: ReadonlyMap<string, Entry>,
): Readonly<Record<string, Node | undefined>> {
  const name = placeName(target, remote)
  for (const { place, className } of target.driversOf(['QEMUDriver'])) {
    target.context.problems.add(
      place,
      `${className}: a RemotePlace brings its own hardware; take out one of them`,
    )
  }
  const console = onlyOne(target, target.driversOf(consoleDrivers), 'consoles')
  const power = onlyOne(target, target.driversOf(powerDrivers), 'power drivers')
  const ssh = target.driversOf(['SSHDriver'])[0]
  const use = mapOf(remote.place, {
    power: bound(power, 'port'),
    console: bound(console, 'port'),
    ssh: bound(ssh, 'networkservice'),
  })
  return {
    architecture: scalar(remote.place, 'unknown'),
    place: name,
    coordinator: coordinatorOf(remote, options, target),
    use: use.entries.size === 0 ? undefined : use,
    ...(power && powerBeside(target, power)),
    ...(console && consoleBeside(target, console)),
  }
}

function placeName(target: Target, remote: Item): Node | undefined {
  const attributes = target.attributesOf(remote)
  attributes.finish()
  const name = remote.nameNode && readText(remote.nameNode, target.context)
  if (remote.nameNode === undefined)
    attributes.complain(undefined, 'has no "name", which is that of the place')
  if (name !== undefined && /[+*?]/.test(name.value)) {
    attributes.complainAt(
      name.place,
      `hil takes a place by its name or an alias, and not by "${name.value}"; in an environment of hil "reserve" takes any with certain tags`,
    )
    return undefined
  }
  return name && textNode(name)
}

/** The file's own, else that of the person, else the one that labgrid asks when nobody says. */
function coordinatorOf(remote: Item, options: ReadonlyMap<string, Entry>, target: Target): Node | undefined {
  const given = options.get('coordinator_address')?.value
  if (given?.kind !== 'scalar') return scalar(remote.place, `\${LG_COORDINATOR:-${defaultCoordinator}}`)
  const address = readText(given, target.context)
  return address && textNode(address)
}

/** The name of the resource that a driver binds. */
function bound(item: Item | undefined, role: string): Node | undefined {
  const name = item?.bindings.get(role)
  return item === undefined || name === undefined ? undefined : scalar(item.place, name)
}

/** A switch that no place can have is one of this machine; of any other the time that the power is off is kept. */
function powerBeside(target: Target, item: Item): Readonly<Record<string, Node | undefined>> {
  if (!localPowerDrivers.includes(item.className)) return { 'power-off-time': powerOffTime(target, item) }
  const translated = translatePower(target, item)
  return { power: translated?.power, 'power-off-time': translated?.offTime }
}

function consoleBeside(target: Target, item: Item): Readonly<Record<string, Node | undefined>> {
  const attributes = target.attributesOf(item)
  const settings = mapOf(item.place, pacing(attributes))
  attributes.ignore('timeout')
  attributes.finish()
  return settings.entries.size === 0 ? {} : { console: settings }
}

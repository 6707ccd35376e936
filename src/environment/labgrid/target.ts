import { Attributes } from './attributes.ts'
import { resourceClasses } from './classes.ts'
import type { LabgridContext } from './context.ts'
import { readItems, unknownClass, type Item } from './items.ts'
import type { Entry, MapNode } from '../source/node.ts'

export interface TargetEntry extends Entry {
  readonly value: MapNode
}

/** A target of labgrid: what is there, and what of it was used. */
export class Target {
  readonly name: string
  readonly entry: TargetEntry
  readonly context: LabgridContext
  readonly #resources: readonly Item[]
  readonly drivers: readonly Item[]

  constructor(name: string, entry: TargetEntry, context: LabgridContext) {
    const { problems } = context
    this.name = name
    this.entry = entry
    this.context = context
    this.#resources = readItems(entry.value.entries.get('resources'), problems)
    this.drivers = readItems(entry.value.entries.get('drivers'), problems)
    for (const resource of this.#resources) {
      if (resourceClasses.includes(resource.className)) continue
      problems.add(resource.place, unknownClass('resource', resource, resourceClasses))
    }
  }

  attributesOf(item: Item): Attributes {
    return new Attributes(item, this.context)
  }

  resource(className: string): Item | undefined {
    return this.#resources.find((resource) => resource.className === className)
  }

  driversOf(classNames: readonly string[]): readonly Item[] {
    return this.drivers.filter(({ className }) => classNames.includes(className))
  }

  /**
   * The resource that a driver binds: the one that `bindings` names, or the only one of these classes.
   * @param role what it is to the driver, as in `bindings: { port: foo }`
   * @returns `undefined` where there is none, or more than one, which was reported
   */
  resourceOf(driver: Item, role: string, classNames: readonly string[]): Item | undefined {
    return this.#supplier(driver, role, this.#resources, classNames, 'resource')
  }

  /** The driver that a driver binds. */
  driverOf(driver: Item, role: string, classNames: readonly string[]): Item | undefined {
    return this.#supplier(driver, role, this.drivers, classNames, 'driver')
  }

  #supplier(
    driver: Item,
    role: string,
    items: readonly Item[],
    classNames: readonly string[],
    kind: string,
  ): Item | undefined {
    const name = driver.bindings.get(role)
    const fitting = items.filter(({ className }) => classNames.includes(className))
    const found = name === undefined ? fitting : fitting.filter((item) => item.name === name)
    const [only, ...others] = found
    if (only !== undefined && others.length === 0) return only
    // What a place of the coordinator has is not known here.
    if (only === undefined && this.resource('RemotePlace') !== undefined) return undefined
    const what = `${kind} ${classNames.join(' or ')}`
    const called = name === undefined ? '' : ` called "${name}"`
    const which = found.map((item) => item.name ?? item.className).join(', ')
    this.context.problems.add(
      driver.place,
      only === undefined
        ? `${driver.className} needs a ${what}${called}, and the target "${this.name}" has none`
        : `${driver.className} can have any of ${which}: name one by "bindings: { ${role}: NAME }"`,
    )
    return undefined
  }
}

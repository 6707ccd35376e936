import type { Catalogue, Driver, DriverKind } from '../../board/driver.ts'
import { closest, didYouMean } from '../../core/did-you-mean.ts'
import type { AdaptContext } from '../schema/adapt-options.ts'
import { checkOptions } from '../schema/check-options.ts'
import type { DriverChoice } from '../environment.ts'
import { describe, quote, withoutKeys, type Entry, type MapNode } from '../source/node.ts'

/** The section of a board that chooses a driver. */
export interface DriverSection extends Entry {
  /** Keys of the section that are not the driver's, checked elsewhere. */
  readonly besides?: readonly string[]
}

/**
 * The driver a section chooses, with its options checked by the driver's own schema.
 * @returns `undefined` when something is wrong, which was reported
 */
export function readDriver<Kind extends DriverKind>(
  kind: Kind,
  section: DriverSection,
  catalogue: Catalogue,
  context: AdaptContext,
): DriverChoice<Kind> | undefined {
  const { key, value, besides = [] } = section
  if (value.kind !== 'map') {
    const expected = 'expected the name of a driver, or a map with "driver" and its options'
    context.problems.add(value.place, `"${kind}" is ${describe(value)}; ${expected}`)
    return undefined
  }
  const drivers = catalogue.filter((driver): driver is Driver<Kind> => driver.kind === kind)
  const driver = chooseDriver(kind, { ...section, value }, drivers, context)
  if (driver === undefined) return undefined
  const root = withoutKeys(value, ['driver', ...besides])
  const alsoKnown = ['driver', ...besides]
  const checked = checkOptions({ schema: driver.schema, root, key, name: kind, alsoKnown }, context)
  return checked === undefined ? undefined : { driver, options: checked.options }
}

function chooseDriver<Kind extends DriverKind>(
  kind: Kind,
  { key, value }: DriverSection & { readonly value: MapNode },
  drivers: readonly Driver<Kind>[],
  { problems }: AdaptContext,
): Driver<Kind> | undefined {
  const names = drivers.map(({ name }) => name)
  const choice = `there are ${names.join(', ')}`
  const named = value.entries.get('driver')?.value
  if (named === undefined) {
    const misspelt = closest('driver', value.entries.keys())
    const entry = misspelt === undefined ? undefined : value.entries.get(misspelt)
    if (entry === undefined) problems.addAbsence(key, `"${kind}" names no "driver"; ${choice}`)
    else problems.add(entry.key, `unknown key ${quote(entry.written)}; did you mean "driver"?`)
    return undefined
  }
  if (named.kind === 'scalar' && named.unknown === true) return undefined
  const word = named.kind === 'scalar' ? String(named.value) : ''
  const driver = drivers.find(({ name }) => name === word)
  if (driver === undefined) {
    problems.add(
      named.place,
      `${describe(named)} is no ${kind} driver${didYouMean(word, names) || `; ${choice}`}`,
    )
  }
  return driver
}

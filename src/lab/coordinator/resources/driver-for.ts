import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalogue, Driver, DriverContext, DriverKind } from '../../../board/driver.ts'
import { HilError } from '../../../core/errors.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import type { PlaceResource, ResourceValue } from '../place.ts'

/** The driver that a resource is opened with, by the options of its schema. */
export interface WantedDriver {
  readonly driver: string
  readonly options: Readonly<Record<string, unknown>>
  /** Options that are secrets, which the coordinator tells everybody. */
  readonly secrets?: Readonly<Record<string, string>>
}

/** A driver of the catalogue with options that come from a coordinator. @throws HilError `place.unsupported` */
export function driverFor<Kind extends DriverKind>(
  kind: Kind,
  { driver: name, options, secrets = {} }: WantedDriver,
  from: PlaceResource,
  catalogue: Catalogue,
): DriverChoice<Kind> {
  const driver = catalogue.find((each): each is Driver<Kind> => each.kind === kind && each.name === name)
  if (driver === undefined) throw new RangeError(`there is no ${kind} driver ${name}`)
  const withReferences = (reference: (option: string) => object) => {
    const references = Object.fromEntries(Object.keys(secrets).map((option) => [option, reference(option)]))
    const parsed = driver.schema.safeParse({ ...options, ...references })
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw unsupported(from, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not understood'}`)
  }
  if (Object.keys(secrets).length === 0) return { driver, options: withReferences(() => ({})) }
  // Secrets are read by reference, so that what is written anywhere hides them.
  const open: Driver<Kind>['open'] = async (_options, context, t) => {
    const files = await writeSecrets(secrets, from.name, context)
    return driver.open(
      withReferences((option) => ({ file: files.get(option) })),
      context,
      t,
    )
  }
  return { driver: { ...driver, open }, options: withReferences((option) => ({ file: `/${option}` })) }
}

async function writeSecrets(
  secrets: Readonly<Record<string, string>>,
  resource: string,
  { temporaryDirectory }: DriverContext,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const [option, secret] of Object.entries(secrets)) {
    const file = join(temporaryDirectory, `${encodeURIComponent(resource)}.${option}`)
    await writeFile(file, secret, { mode: 0o600 })
    files.set(option, file)
  }
  return files
}

/** @param why what stands in the way, and what to do */
export function unsupported({ name, resource: { cls, params } }: PlaceResource, why: string): HilError {
  const { model } = params
  const what = typeof model === 'string' ? `${cls}, model ${model}` : cls
  return new HilError('place.unsupported', `the resource ${name} (${what}) can't be used: ${why}`, {
    blame: 'environment',
    details: { resource: name, class: cls, model },
  })
}

/** A parameter that has to be there. @throws HilError `place.unsupported` */
export function text(from: PlaceResource, parameter: string): string {
  const value = from.resource.params[parameter]
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number') return String(value)
  throw unsupported(from, `its exporter says ${told(value)} for "${parameter}"`)
}

/** @throws HilError `place.unsupported` */
export function wholeNumber(from: PlaceResource, parameter: string): number {
  const value = Number(from.resource.params[parameter] ?? Number.NaN)
  if (Number.isInteger(value)) return value
  throw unsupported(from, `its exporter says ${told(from.resource.params[parameter])} for "${parameter}"`)
}

function told(value: ResourceValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

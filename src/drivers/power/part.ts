import { z } from 'zod'
import type { Driver, DriverContext } from '../../board/driver.ts'
import { driverSections } from '../../board/option-types.ts'
import type { PowerSwitch } from '../../board/power-switch.ts'
import type { Deadline } from '../../core/deadline.ts'
import { didYouMean } from '../../core/did-you-mean.ts'

/** A switch that another one is made of, as an environment writes it: `{ driver: gpio, chip: gpiochip0, line: 5 }`. */
export interface Part {
  readonly driver: string
}

/** What can be done with parts, given the drivers that there are. */
export interface Parts {
  option(description: string): z.ZodType<Part, unknown>
  driverOf(part: Part): Driver<'power'>
  resources(part: Part): readonly string[]
  open(part: Part, context: DriverContext, t: Deadline): Promise<PowerSwitch>
}

export function partsOf(switches: readonly Driver<'power'>[]): Parts {
  const driverOf = ({ driver: name }: Part) => {
    const driver = switches.find((one) => one.name === name)
    if (driver === undefined) throw new Error(`no power switch is called ${name}`)
    return driver
  }
  const names = switches.map(({ name }) => name)
  const [first, ...others] = switches.map(({ name, schema }) =>
    (schema as z.ZodObject).safeExtend({ driver: z.literal(name) }),
  )
  if (first === undefined) throw new RangeError('there are no switches to make something of')
  const union = z.discriminatedUnion('driver', [first, ...others], {
    error: ({ code, input }) => {
      if (code !== 'invalid_union') return undefined
      const named = (input as { driver?: unknown } | undefined)?.driver
      const choice = `there are ${names.join(', ')}`
      if (typeof named !== 'string') return `it names no "driver"; ${choice}`
      return `"${named}" is no power driver; ${choice}${didYouMean(named, names)}`
    },
  })
  return {
    option: (description) =>
      union
        .meta({
          description: `${description} A power switch: "driver", and the options of that driver.`,
          examples: [{ driver: 'gpio', chip: 'gpiochip0', line: 5 }],
        })
        .register(driverSections, { kind: 'power' }) as unknown as z.ZodType<Part, unknown>,
    driverOf,
    resources: (part) => driverOf(part).resources(part),
    open: (part, context, t) => driverOf(part).open(part, context, t),
  }
}

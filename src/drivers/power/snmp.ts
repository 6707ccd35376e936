import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { snmpOutlet, snmpSchema } from './snmp/options.ts'
import { openSnmpDevice } from './snmp/snmp-device.ts'
import { unexpectedAnswer } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

const oid = (description: string) =>
  z
    .string()
    .regex(/^\.?\d+(\.\d+)+$/, {
      error: 'write an object identifier in numbers: 1.3.6.1.4.1.534.6.6.7.6.6.1.3.0.5',
    })
    .describe(description)

const value = z.union([z.int(), z.string()])
const oneOrMore = (description: string) =>
  z
    .union([value, z.array(value).min(1)])
    .describe(description)
    .transform((one) => (Array.isArray(one) ? one : [one]))

export const snmpPower = definePowerSwitch({
  name: 'snmp',
  summary: 'Any object of an SNMP agent that switches something, by its object identifier.',
  schema: snmpSchema({
    oid: oid('The object that is set to switch.').meta({ examples: ['1.3.6.1.4.1.318.1.1.4.4.2.1.3.5'] }),
    type: z.enum(['integer', 'string', 'gauge']).default('integer').describe('Type of that object.'),
    on: value.default(1).describe('What it is set to for on.'),
    off: value.default(0).describe('What it is set to for off.'),
    offOid: oid('The object that is set for off, where that is another one.').optional(),
    state: z
      .strictObject({
        oid: oid('The object that tells the state; the one that is set if absent.').optional(),
        on: oneOrMore('What it says when the outlet is on; one or several.'),
        off: oneOrMore('What it says when the outlet is off; one or several.'),
      })
      .optional()
      .describe('How the state is read, where that is not the object that is set, with the same values.'),
  }),
  resources: ({ host, oid: object }) => [snmpOutlet({ host }, withoutDot(object))],
  async open({ oid: object, offOid = object, type, on, off, state, ...options }, context) {
    const device = await openSnmpDevice('the SNMP agent', options, context)
    const types = { integer: 'Integer', string: 'OctetString', gauge: 'Gauge' } as const
    const status = withoutDot(state?.oid ?? object)
    const [isOn, isOff] = [state?.on ?? [on], state?.off ?? [off]].map((values) => values.map(String))
    return switchOf(
      (wanted, t) => {
        const value = { type: types[type], value: wanted ? on : off }
        return device.set(withoutDot(wanted ? object : offOid), value, object, t)
      },
      async (t) => {
        const said = String(await device.get(status, object, t))
        if (isOn?.includes(said) === true) return true
        if (isOff?.includes(said) === true) return false
        throw unexpectedAnswer(device.name, `${status} = ${said}`)
      },
    )
  },
})

function withoutDot(object: string): string {
  return object.replace(/^\./, '')
}

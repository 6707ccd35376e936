import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { snmpOutlet, snmpSchema } from './snmp/options.ts'
import { openSnmpDevice } from './snmp/snmp-device.ts'
import { snmpOutletSwitch } from './snmp/snmp-outlet.ts'

/** RFC 3621, pethPsePortAdminEnable, a TruthValue: true 1, false 2. */
const adminEnable = '1.3.6.1.2.1.105.1.1.1.3'

export const snmpPoePower = definePowerSwitch({
  name: 'snmp-poe',
  summary: 'A port of any PoE switch with the POWER-ETHERNET-MIB (RFC 3621), over SNMP.',
  schema: snmpSchema({
    interface: z
      .int()
      .min(1)
      .describe('Number of the port within its group, mostly as printed on the switch.'),
    group: z.int().min(1).default(1).describe('Number of the group: the unit of a stack, or 1.'),
  }),
  resources: ({ host, group, interface: port }) => [
    snmpOutlet({ host }, group === 1 ? port : `${group}/${port}`),
  ],
  async open({ interface: port, group, ...options }, context) {
    const device = await openSnmpDevice('the PoE switch', options, context)
    const object = `${adminEnable}.${group}.${port}`
    return snmpOutletSwitch(device, port, {
      ...{ control: object, turnOn: 1, turnOff: 2 },
      ...{ status: object, isOn: [1], isOff: [2] },
    })
  },
})

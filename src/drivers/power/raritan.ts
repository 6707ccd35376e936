import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { snmpOutlet, snmpSchema } from './snmp/options.ts'
import { openSnmpDevice } from './snmp/snmp-device.ts'
import { snmpOutletSwitch } from './snmp/snmp-outlet.ts'

/** PDU2-MIB, outletSwitchControlTable: operation (off 0, on 1) and state (on 7, off 8) of outlets of a PDU. */
const table = '1.3.6.1.4.1.13742.6.4.1.2.1'

export const raritanPower = definePowerSwitch({
  name: 'raritan',
  summary: 'A switched PDU by Raritan or Server Technology with the PDU2-MIB (PX2, PX3, ...), over SNMP.',
  schema: snmpSchema({
    outlet: z.int().min(1).describe('Number of the outlet; Raritan counts from 1.'),
    pdu: z.int().min(1).default(1).describe('Number of the PDU, where several are chained.'),
  }),
  resources: ({ host, pdu, outlet }) => [snmpOutlet({ host }, pdu === 1 ? outlet : `${pdu}/${outlet}`)],
  async open({ outlet, pdu, ...options }, context) {
    const device = await openSnmpDevice('the Raritan', options, context)
    return snmpOutletSwitch(device, outlet, {
      control: `${table}.2.${pdu}.${outlet}`,
      ...{ turnOn: 1, turnOff: 0 },
      status: `${table}.3.${pdu}.${outlet}`,
      ...{ isOn: [7], isOff: [8] },
    })
  },
})

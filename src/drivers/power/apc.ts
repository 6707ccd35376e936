import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { snmpOutlet, snmpSchema } from './snmp/options.ts'
import { openSnmpDevice } from './snmp/snmp-device.ts'
import { snmpOutletSwitch, type OutletObjects } from './snmp/snmp-outlet.ts'

/** PowerNet-MIB. The generations number the states of an outlet differently, down to the reverse of each other. */
const generations = {
  /** sPDUOutletCtl */
  masterswitch: (outlet: number): OutletObjects => ({
    control: `1.3.6.1.4.1.318.1.1.4.4.2.1.3.${outlet}`,
    ...{ turnOn: 1, turnOff: 2 },
    status: `1.3.6.1.4.1.318.1.1.4.4.2.1.3.${outlet}`,
    ...{ isOn: [1], isOff: [2] },
  }),
  /** rPDUOutletControlOutletCommand, rPDUOutletStatusOutletState */
  rpdu: (outlet: number): OutletObjects => ({
    control: `1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.${outlet}`,
    ...{ turnOn: 1, turnOff: 2 },
    status: `1.3.6.1.4.1.318.1.1.12.3.5.1.1.4.${outlet}`,
    ...{ isOn: [1], isOff: [2] },
  }),
  /** rPDU2OutletSwitchedControlCommand, rPDU2OutletSwitchedStatusState */
  rpdu2: (outlet: number): OutletObjects => ({
    control: `1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.${outlet}`,
    ...{ turnOn: 1, turnOff: 2 },
    status: `1.3.6.1.4.1.318.1.1.26.9.2.3.1.5.${outlet}`,
    ...{ isOn: [2], isOff: [1] },
  }),
}

export const apcPower = definePowerSwitch({
  name: 'apc',
  summary: 'A switched rack PDU or MasterSwitch by APC, over SNMP.',
  schema: snmpSchema({
    outlet: z.int().min(1).describe('Number of the outlet; APC counts from 1.'),
    generation: z
      .enum(['rpdu2', 'rpdu', 'masterswitch'])
      .default('rpdu2')
      .describe(
        'Which part of the MIB the device knows: rpdu2 (AP8xxx), rpdu (AP78xx, AP79xx), masterswitch (AP9xxx).',
      ),
  }),
  resources: ({ host, outlet }) => [snmpOutlet({ host }, outlet)],
  async open({ outlet, generation, ...options }, context) {
    const device = await openSnmpDevice('the APC', options, context)
    return snmpOutletSwitch(device, outlet, generations[generation](outlet))
  },
})

import assert from 'node:assert/strict'
import type { Driver } from '../../src/board/driver.ts'
import type { Deadline } from '../../src/core/deadline.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { apcPower } from '../../src/drivers/power/apc.ts'
import { raritanPower } from '../../src/drivers/power/raritan.ts'
import { snmpPower } from '../../src/drivers/power/snmp.ts'
import { snmpPoePower } from '../../src/drivers/power/snmp-poe.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { askLabgrid } from '../support/power/peers.ts'
import { snmpUser, startSnmpPdu, type PduObject, type SnmpPdu } from '../support/power/snmp-pdu.ts'
import { describeWith } from '../support/requirements.ts'
import { describePowerSwitch, type Wrong } from './power-switch-contract.ts'

/** Outlets 1 to 8 of each kind; those of one kind are apart from those of the others by the hundreds. */
const outlets = [1, 2, 3, 4, 5, 6, 7, 8]
const objects: readonly PduObject[] = outlets.flatMap((outlet) => [
  // PowerNet-MIB: sPDUOutletCtl
  { oid: `1.3.6.1.4.1.318.1.1.4.4.2.1.3.${outlet}`, outlet: 100 + outlet, on: 1, off: 2 },
  // rPDUOutletControlOutletCommand, rPDUOutletStatusOutletState
  { oid: `1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.${outlet}`, outlet: 200 + outlet, on: 1, off: 2 },
  { oid: `1.3.6.1.4.1.318.1.1.12.3.5.1.1.4.${outlet}`, outlet: 200 + outlet, on: 1, off: 2, readOnly: true },
  // rPDU2OutletSwitchedControlCommand, rPDU2OutletSwitchedStatusState
  { oid: `1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.${outlet}`, outlet: 300 + outlet, on: 1, off: 2 },
  { oid: `1.3.6.1.4.1.318.1.1.26.9.2.3.1.5.${outlet}`, outlet: 300 + outlet, on: 2, off: 1, readOnly: true },
  // PDU2-MIB: switchingOperation, outletSwitchingState
  { oid: `1.3.6.1.4.1.13742.6.4.1.2.1.2.1.${outlet}`, outlet: 400 + outlet, on: 1, off: 0 },
  { oid: `1.3.6.1.4.1.13742.6.4.1.2.1.3.1.${outlet}`, outlet: 400 + outlet, on: 7, off: 8, readOnly: true },
  // POWER-ETHERNET-MIB: pethPsePortAdminEnable
  { oid: `1.3.6.1.2.1.105.1.1.1.3.1.${outlet}`, outlet: 500 + outlet, on: 1, off: 2 },
])

const version3 = {
  user: snmpUser.name,
  auth: { password: { env: snmpUser.auth } },
  privacy: { password: { env: snmpUser.privacy } },
}

interface SnmpCase {
  readonly name: string
  readonly driver: Driver<'power'>
  /** The number of the outlet among `objects`. */
  readonly outlet: number
  readonly options: object
  readonly wrongOptions: object
  /** Who asks. */
  readonly login: object
  readonly wrongLogin: object
  readonly wrongLoginCode: string
}

const cases: readonly SnmpCase[] = [
  {
    name: 'apc, MasterSwitch by SNMP 1',
    driver: apcPower,
    outlet: 103,
    options: { outlet: 3, generation: 'masterswitch' },
    wrongOptions: { outlet: 9, generation: 'masterswitch' },
    ...{ login: {}, wrongLogin: { community: { env: 'guessed' } }, wrongLoginCode: 'power.timeout' },
  },
  {
    name: 'apc, first generation of the rack PDU by SNMP 2c',
    driver: apcPower,
    outlet: 208,
    options: { outlet: 8, generation: 'rpdu' },
    wrongOptions: { outlet: 9, generation: 'rpdu' },
    login: { version: '2c', community: { env: 's3cret' } },
    wrongLogin: { version: '2c', community: { env: 'guessed' } },
    wrongLoginCode: 'power.timeout',
  },
  {
    name: 'apc, second generation of the rack PDU by SNMP 3',
    driver: apcPower,
    outlet: 301,
    options: { outlet: 1 },
    wrongOptions: { outlet: 9 },
    login: version3,
    wrongLogin: { ...version3, auth: { password: { env: 'guessed it' } } },
    wrongLoginCode: 'power.login-refused',
  },
  {
    name: 'raritan',
    driver: raritanPower,
    outlet: 405,
    options: { outlet: 5 },
    wrongOptions: { outlet: 5, pdu: 2 },
    ...{ login: {}, wrongLogin: { community: { env: 'guessed' } }, wrongLoginCode: 'power.timeout' },
  },
  {
    name: 'snmp-poe',
    driver: snmpPoePower,
    outlet: 502,
    options: { interface: 2 },
    wrongOptions: { interface: 9 },
    login: { version: '2c' },
    wrongLogin: { ...version3, user: 'somebody' },
    wrongLoginCode: 'power.login-refused',
  },
  {
    name: 'snmp',
    driver: snmpPower,
    outlet: 404,
    options: {
      oid: '.1.3.6.1.4.1.13742.6.4.1.2.1.2.1.4',
      state: { oid: '1.3.6.1.4.1.13742.6.4.1.2.1.3.1.4', on: 7, off: [8, 9] },
    },
    wrongOptions: { oid: '1.3.6.1.4.1.13742.6.4.1.2.1.2.1.9' },
    login: { version: '2c' },
    wrongLogin: { ...version3, privacy: { password: { env: 'guessed it' } } },
    wrongLoginCode: 'power.timeout',
  },
]

describe('Over SNMP', () => {
  let pdu: SnmpPdu

  describeWith(['snmpd'], 'with a real agent', () => {
    before(async () => {
      pdu = await startSnmpPdu(objects)
    })
    after(() => pdu[Symbol.asyncDispose]())

    const open = (driver: Driver<'power'>, options: object, context: TestContext, t: Deadline) =>
      driver.open(driver.schema.parse({ host: '127.0.0.1', port: pdu.port, ...options }), context, t)

    for (const one of cases) {
      const { name, driver, outlet, options, login } = one
      const wrongPassword: Wrong = {
        create: (context, t) => open(driver, { ...options, ...one.wrongLogin, timeout: '0.4s' }, context, t),
        code: one.wrongLoginCode,
        // Silence may have other reasons.
        blame: one.wrongLoginCode === 'power.timeout' ? 'infrastructure' : 'environment',
      }
      describePowerSwitch({
        name,
        readsBack: true,
        create: async (context, t) => {
          await pdu.reset()
          return open(driver, { ...options, ...login }, context, t)
        },
        hasPower: () => pdu.isOn(outlet),
        wrongOutlet: {
          create: (context, t) => open(driver, { ...one.wrongOptions, ...login }, context, t),
          code: 'power.no-outlet',
        },
        wrongPassword,
        hang: () => {
          pdu.server.hang()
        },
        lie: () => pdu.fail('lies'),
        fail: () => pdu.fail('refuses'),
      })
    }

    it('says so where the community may only read', async () => {
      using t = startDeadline(10_000, 'test')
      const context = await createTestContext({ secret: () => Promise.resolve('public') })
      const options = { outlet: 1, generation: 'rpdu', version: '2c', community: { env: 'PUBLIC' } }
      const power = await open(apcPower, options, context, t)
      await assert.rejects(power.on(t), { code: 'power.login-refused', blame: 'environment' })
      await context.release()
    })
  })

  describeWith(['snmpd', 'snmpset', 'power-peers'], "labgrid's own backends", function () {
    // Each starts Python four times, and that a program for each object.
    this.timeout(120_000)
    before(async () => {
      pdu = await startSnmpPdu(objects)
      await pdu.reset()
    })
    after(() => pdu[Symbol.asyncDispose]())

    for (const [backend, outlet, index] of [
      ['apc', 106, 6],
      ['raritan', 406, 6],
      ['poe_mib', 506, 6],
    ] as const) {
      it(`switch and read the same objects: ${backend}`, async () => {
        const isApc = backend === 'apc'
        const place = isApc ? { host: `127.0.0.1:${pdu.port}` } : { host: '127.0.0.1', port: pdu.port }
        for (const action of ['on', 'off'] as const) {
          await askLabgrid(backend, { ...place, index }, action)
          assert.equal(await pdu.isOn(outlet), action === 'on')
          assert.equal(
            await askLabgrid(backend, { ...place, index }, 'get'),
            action === 'on' ? 'True' : 'False',
          )
        }
      })
    }
  })
})

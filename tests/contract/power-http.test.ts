import type { Driver } from '../../src/board/driver.ts'
import { digitalLoggersPower } from '../../src/drivers/power/digital-loggers.ts'
import { gudePower } from '../../src/drivers/power/gude.ts'
import { netioPower } from '../../src/drivers/power/netio.ts'
import { openwrtPoePower } from '../../src/drivers/power/openwrt-poe.ts'
import { restPower } from '../../src/drivers/power/rest.ts'
import { shellyGen1Power } from '../../src/drivers/power/shelly-gen1.ts'
import { shellyPower } from '../../src/drivers/power/shelly.ts'
import { tasmotaPower } from '../../src/drivers/power/tasmota.ts'
import type { TestContext } from '../support/driver-context.ts'
import * as dialects from '../support/power/dialects.ts'
import { pduPassword, startHttpPdu, type Dialect, type HttpPdu } from '../support/power/http-pdu.ts'
import { describePowerSwitch } from './power-switch-contract.ts'

interface HttpCase {
  readonly driver: Driver<'power'>
  readonly dialect: Dialect
  /** The outlet that is switched, as the device numbers it, of those it has. */
  readonly outlet: string | number
  readonly outlets: readonly (string | number)[]
  /** The options that name an outlet, in the numbers of the environment. */
  readonly options: (outlet: 'right' | 'wrong') => object
}

const devices = new WeakMap<TestContext, HttpPdu>()
const deviceOf = (context: TestContext) => devices.get(context) ?? failed('no device')

function failed(what: string): never {
  throw new Error(what)
}

function describeHttpSwitch({ driver, dialect, outlet, outlets, options }: HttpCase): void {
  const open = async (context: TestContext, which: 'right' | 'wrong', password = pduPassword) => {
    const { url } = deviceOf(context)
    const all = { url, password: { env: password }, ...options(which) }
    return driver.open(driver.schema.parse(all), context, undefined as never)
  }
  describePowerSwitch({
    name: driver.name,
    readsBack: true,
    create: async (context) => {
      const device = await startHttpPdu(dialect, outlets)
      context.undo.defer('the device', () => device[Symbol.asyncDispose]())
      devices.set(context, device)
      return open(context, 'right')
    },
    hasPower: (context) => Promise.resolve(deviceOf(context).outlets.isOn(outlet)),
    wrongOutlet: { create: (context) => open(context, 'wrong'), code: 'power.no-outlet' },
    wrongPassword: { create: (context) => open(context, 'right', 'guessed'), code: 'power.login-refused' },
    hang: (context) => (deviceOf(context).mode = 'hangs'),
    lie: (context) => (deviceOf(context).mode = 'lies'),
    fail: (context) => (deviceOf(context).mode = 'fails'),
  })
}

describeHttpSwitch({
  driver: shellyGen1Power,
  dialect: dialects.shellyGen1,
  outlet: 0,
  outlets: [0, 1],
  options: (which) => (which === 'right' ? {} : { relay: 2 }),
})

describeHttpSwitch({
  driver: shellyPower,
  dialect: dialects.shelly,
  outlet: 1,
  outlets: [0, 1],
  options: (which) => ({ switch: which === 'right' ? 1 : 2 }),
})

describeHttpSwitch({
  driver: tasmotaPower,
  dialect: dialects.tasmota,
  outlet: 2,
  outlets: [1, 2],
  options: (which) => ({ relay: which === 'right' ? 2 : 3 }),
})

describeHttpSwitch({
  driver: netioPower,
  dialect: dialects.netio,
  outlet: 4,
  outlets: [1, 2, 3, 4],
  options: (which) => ({ output: which === 'right' ? 4 : 5 }),
})

describeHttpSwitch({
  driver: gudePower,
  dialect: dialects.gude,
  outlet: 2,
  outlets: [1, 2, 3],
  options: (which) => ({ port: which === 'right' ? 2 : 4 }),
})

describeHttpSwitch({
  driver: digitalLoggersPower,
  dialect: dialects.digitalLoggers,
  outlet: 7,
  outlets: [0, 1, 2, 3, 4, 5, 6, 7],
  options: (which) => ({ outlet: which === 'right' ? 8 : 9 }),
})

describeHttpSwitch({
  driver: openwrtPoePower,
  dialect: dialects.openwrt('map'),
  outlet: 'lan3',
  outlets: ['lan1', 'lan2', 'lan3'],
  options: (which) => ({ port: which === 'right' ? 'lan3' : 'lan9' }),
})

describeHttpSwitch({
  driver: restPower,
  dialect: dialects.homeMade,
  outlet: 5,
  outlets: [4, 5],
  options: (which) => ({
    outlet: which === 'right' ? 5 : 6,
    on: { path: '/relay/{outlet}/value', method: 'PUT', body: '1', success: '^done$' },
    off: { path: '/relay/{outlet}/value', method: 'PUT', body: '0', success: '^done$' },
    state: { path: '/relay/{outlet}/value', on: '^1$', off: '^0$' },
  }),
})

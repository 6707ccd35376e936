import type { Driver } from '../../src/board/driver.ts'
import type { Deadline } from '../../src/core/deadline.ts'
import { mqttPower } from '../../src/drivers/power/mqtt.ts'
import { tasmotaMqttPower } from '../../src/drivers/power/tasmota-mqtt.ts'
import type { TestContext } from '../support/driver-context.ts'
import { mqttLogin, startMqttPlugs, type MqttPlugs } from '../support/power/mqtt-plugs.ts'
import { describeWith } from '../support/requirements.ts'
import { describePowerSwitch } from './power-switch-contract.ts'

const silent = { code: 'power.timeout', blame: 'infrastructure' }

describeWith(['mosquitto', 'mosquitto_sub'], 'Over MQTT, with a real broker', () => {
  let plugs: MqttPlugs
  before(async () => {
    plugs = await startMqttPlugs()
  })
  after(() => (plugs as MqttPlugs | undefined)?.[Symbol.asyncDispose]())

  const open = (driver: Driver<'power'>, options: object, context: TestContext, t: Deadline) => {
    const { user, password } = mqttLogin
    const all = { broker: plugs.url, user, password: { env: password }, ...options }
    return driver.open(driver.schema.parse(all), context, t)
  }
  const faults = {
    hang: () => {
      plugs.broker.hang()
    },
    lie: () => plugs.fail('lies'),
  }

  describePowerSwitch({
    name: 'tasmota-mqtt',
    readsBack: true,
    create: async (context, t) => {
      await plugs.reset()
      return open(tasmotaMqttPower, { topic: 'rack3', relay: 2 }, context, t)
    },
    hasPower: () => plugs.isOn('tasmota2'),
    wrongOutlet: {
      create: (context, t) =>
        open(tasmotaMqttPower, { topic: 'rack3', relay: 3, timeout: '0.3s' }, context, t),
      ...silent,
    },
    wrongPassword: {
      create: (context, t) =>
        open(tasmotaMqttPower, { topic: 'rack3', password: { env: 'guessed' } }, context, t),
      code: 'power.login-refused',
    },
    ...faults,
    fail: () => plugs.fail('fails'),
  })

  for (const [name, options, readsBack] of [
    ['mqtt, with a state that the broker keeps', { state: {} }, true],
    ['mqtt, with a state that is asked for', { state: { query: { topic: 'lab/plug/get' } } }, true],
    ['mqtt, without state', {}, false],
  ] as const) {
    const all = {
      // It is waited out where the plug lies.
      timeout: '5s',
      ...{ topic: 'lab/plug/set', on: '{"state":"ON"}', off: '{"state":"OFF"}' },
      ...('state' in options
        ? { state: { topic: 'lab/plug', pointer: '/state', on: '^ON$', off: '^OFF$', ...options.state } }
        : {}),
    }
    describePowerSwitch({
      name,
      readsBack,
      create: async (context, t) => {
        await plugs.reset()
        return open(mqttPower, all, context, t)
      },
      hasPower: async () => {
        if (!readsBack) await plugs.settle()
        return plugs.isOn('plain')
      },
      wrongOutlet: readsBack
        ? {
            create: (context, t) => {
              const state = { topic: 'lab/plug9', on: 'ON', off: 'OFF' }
              return open(mqttPower, { ...all, topic: 'lab/plug9/set', state, timeout: '0.3s' }, context, t)
            },
            ...silent,
          }
        : { never: 'nobody answers there anyway' },
      wrongPassword: {
        create: (context, t) => open(mqttPower, { ...all, password: { env: 'guessed' } }, context, t),
        code: 'power.login-refused',
      },
      ...faults,
      fail: { never: 'a message is all there is, and one that says neither leaves the state unknown' },
    })
  }
})

import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { openMqttDevice, type MqttMessage } from './mqtt/mqtt-device.ts'
import { brokerOf, mqttOptions, topic } from './mqtt/options.ts'
import { refused, unreachable } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

export const tasmotaMqttPower = definePowerSwitch({
  name: 'tasmota-mqtt',
  summary: 'A plug or relay with the firmware Tasmota, over MQTT.',
  unverified: 'tested on a real broker, but with a stand-in of our own for the plug',
  schema: z.strictObject({
    ...mqttOptions,
    topic: topic("The device's topic.").meta({ examples: ['rack3'] }),
    fullTopic: topic('How the device makes its topics (FullTopic).').default('%prefix%/%topic%/'),
    relay: z
      .int()
      .min(1)
      .optional()
      .describe('Number of the relay, from 1; absent for a device that has only one.'),
  }),
  resources: ({ broker, topic, relay = 1 }) => [`outlet:${brokerOf(broker)}/${topic}/${relay}`],
  async open({ topic: own, fullTopic, relay = '', ...options }, context) {
    const whySilent = 'it is silent too where it does not know the topic or the relay'
    const tasmota = await openMqttDevice(`the Tasmota "${own}"`, whySilent, options, context)
    const topicOf = (prefix: string, name: string) =>
      fullTopic.replace('%prefix%', prefix).replace('%topic%', own) + name
    const [state, result, alive] = [
      topicOf('stat', `POWER${relay}`),
      topicOf('stat', 'RESULT'),
      topicOf('tele', 'LWT'),
    ]

    const pick = ({ topic, payload, isRetained }: MqttMessage): boolean | undefined => {
      if (topic === alive && payload === 'Offline') {
        throw unreachable(tasmota.name, new Error('the broker has not heard of it'))
      }
      if (isRetained) return undefined
      if (topic === result && payload.includes('"Command"'))
        throw refused(tasmota.name, `do POWER${relay}`, payload)
      return topic === state ? payload === 'ON' : undefined
    }
    const command = (payload: string, t: Deadline) => {
      const publish = [{ topic: topicOf('cmnd', `POWER${relay}`), payload }]
      return tasmota.ask({ listen: [state, result, alive], publish, pick }, t)
    }
    return switchOf(
      (on, t) => command(on ? 'ON' : 'OFF', t),
      // A command without payload asks for the state.
      (t) => command('', t),
    )
  },
})

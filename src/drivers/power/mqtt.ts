import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { powerDisagrees } from '../../board/cycle-power.ts'
import type { PowerState } from '../../board/power-switch.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { valueAtPointer } from './http/json-pointer.ts'
import { openMqttDevice, type MqttMessage } from './mqtt/mqtt-device.ts'
import { brokerOf, mqttOptions, topic } from './mqtt/options.ts'
import { stateByPatterns, statePatterns } from './state-by-patterns.ts'

export const mqttPower = definePowerSwitch({
  name: 'mqtt',
  summary:
    'Anything that is switched by MQTT messages of your choice, such as Zigbee2MQTT, ESPHome or a home automation.',
  schema: z.strictObject({
    ...mqttOptions,
    topic: topic('Where the command is sent.').meta({ examples: ['zigbee2mqtt/rack3/set'] }),
    on: z.string().default('ON').describe('The message that switches on.'),
    off: z.string().default('OFF').describe('The message that switches off.'),
    retain: z
      .boolean()
      .default(false)
      .describe('Whether the broker keeps the command for a device that comes later.'),
    state: z
      .strictObject({
        topic: topic('Where the device tells its state: after each command, or kept by the broker.'),
        pointer: z
          .string()
          .regex(/^(\/.*)?$/, { error: 'write a JSON pointer: /state' })
          .optional()
          .describe('JSON pointer (RFC 6901) to the state in the message; the whole message if absent.'),
        query: z
          .strictObject({
            topic: topic('Where the question is sent.'),
            message: z.string().default('').describe('The question.'),
          })
          .optional()
          .describe('What makes the device tell its state, where the broker does not keep it.'),
        ...statePatterns,
      })
      .optional()
      .describe(
        'Reads the outlet back. Without it hil takes it for switched once the broker has the message.',
      ),
  }),
  resources: ({ broker, topic }) => [`outlet:${brokerOf(broker)}/${topic}`],
  async open({ topic: command, on, off, retain, state, ...options }, context) {
    const whySilent =
      state === undefined
        ? undefined
        : `nothing came on ${state.topic}; does the device say something there, and does the broker keep it?`
    const device = await openMqttDevice(`the device of ${command}`, whySilent, options, context)
    const publish = {
      on: { topic: command, payload: on, retain },
      off: { topic: command, payload: off, retain },
    }
    if (state === undefined) {
      return {
        on: (t) => device.publish(command, on, retain, t),
        off: (t) => device.publish(command, off, retain, t),
        state: () => Promise.resolve('unknown'),
      }
    }
    const { topic: listen, pointer, query } = state
    const question = query === undefined ? [] : [{ topic: query.topic, payload: query.message }]
    const stateIn = (payload: string): PowerState => {
      const text = pointer === undefined ? payload : textAt(payload, pointer)
      return text === undefined ? 'unknown' : stateByPatterns(text, state, context.log)
    }
    // What was on its way already may be from before the command: only the wanted state is an answer.
    const set = async (wanted: 'on' | 'off', t: Deadline) => {
      let seen: PowerState = 'unknown'
      const pick = ({ payload }: MqttMessage) => {
        seen = stateIn(payload)
        return seen === wanted ? true : undefined
      }
      try {
        await device.ask({ listen: [listen], publish: [publish[wanted], ...question], pick }, t)
      } catch (error) {
        const isLate = error instanceof HilError && error.code === 'power.timeout'
        throw isLate && seen !== 'unknown' ? powerDisagrees(wanted, seen) : error
      }
    }
    const read = ({ payload, isRetained }: MqttMessage) =>
      isRetained && query !== undefined ? undefined : stateIn(payload)
    return {
      on: (t) => set('on', t),
      off: (t) => set('off', t),
      state: (t) => device.ask({ listen: [listen], publish: question, pick: read }, t),
    }
  },
})

function textAt(payload: string, pointer: string): string | undefined {
  try {
    const value = valueAtPointer(JSON.parse(payload), pointer)
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    return undefined
  }
}

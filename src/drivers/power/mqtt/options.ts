import { z } from 'zod'
import { path, secretReference } from '../../../board/option-types.ts'
import { timeoutOption } from '../exchange.ts'

/** The options of everything that is reached over MQTT. */
export const mqttOptions = {
  broker: z
    .url({ protocol: /^mqtts?$/, error: 'expected an address such as mqtt://lab or mqtts://lab:8883' })
    .refine((url) => !URL.canParse(url) || new URL(url).username === '', {
      error: 'a login does not belong into the address: name it with "user" and "password"',
    })
    .describe('The broker; mqtts is encrypted.')
    .meta({ examples: ['mqtt://lab'] }),
  user: z.string().min(1).optional().describe('Who to log in as, where the broker asks.'),
  password: secretReference.optional(),
  ca: path(
    'PEM file of who signed the certificate of the broker, or of the certificate itself where it signed itself.',
  ).optional(),
  timeout: timeoutOption,
}

export type MqttOptions = z.output<z.ZodObject<typeof mqttOptions>>

/** A topic of one device, without wildcards. */
export function topic(description: string) {
  return z
    .string()
    .regex(/^[^+#\0]+$/, { error: 'a topic has no wildcards here' })
    .describe(description)
}

/** The broker in the name of a resource. */
export function brokerOf(url: string): string {
  return new URL(url).host.toLowerCase()
}

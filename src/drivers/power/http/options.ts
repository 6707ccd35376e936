import { z } from 'zod'
import { path, secretReference } from '../../../board/option-types.ts'
import { timeoutOption } from '../exchange.ts'

/** The options of everything that is reached over HTTP. */
export const httpOptions = {
  url: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://10.0.0.40' })
    .refine((url) => !URL.canParse(url) || new URL(url).username === '', {
      error: 'a login does not belong into the address: name it with "user" and "password"',
    })
    .describe('Where the device answers; https works too.')
    .meta({ examples: ['http://10.0.0.40'] }),
  user: z.string().min(1).optional().describe('Who to log in as, where the device asks.'),
  password: secretReference.optional(),
  ca: path(
    'PEM file of who signed the certificate of an https address, or of the certificate itself where it signed itself.',
  ).optional(),
  insecure: z
    .boolean()
    .default(false)
    .describe('Take any certificate of an https address: whoever answers gets the password.'),
  timeout: timeoutOption,
}

export type HttpOptions = z.output<z.ZodObject<typeof httpOptions>>

/** The device in the name of a resource: two spellings of one address are one. */
export function hostOf(url: string): string {
  return new URL(url).host.toLowerCase()
}

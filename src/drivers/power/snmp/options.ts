import { z } from 'zod'
import { secretReference } from '../../../board/option-types.ts'
import { timeoutOption } from '../exchange.ts'

/** The options of everything that is reached over SNMP. */
export const snmpOptions = {
  host: z
    .string()
    .min(1)
    .describe('Name or address of the device.')
    .meta({ examples: ['pdu1'] }),
  port: z.int().min(1).max(65535).default(161).describe('UDP port of its SNMP agent.'),
  version: z
    .literal([1, '2c', 3])
    .optional()
    .describe('Version of SNMP; if absent 3 where there is a "user", or else 1, which all devices know.'),
  community: secretReference
    .optional()
    .describe('The write community; "private" if absent, as devices come.'),
  user: z.string().min(1).optional().describe('User of SNMP 3.'),
  auth: z
    .strictObject({
      protocol: z
        .enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'])
        .default('sha')
        .describe('Hash.'),
      password: secretReference,
    })
    .optional()
    .describe('How the user of SNMP 3 proves who he is.'),
  privacy: z
    .strictObject({
      protocol: z.enum(['des', 'aes', 'aes256b', 'aes256r']).default('aes').describe('Cipher.'),
      password: secretReference,
    })
    .optional()
    .describe('How SNMP 3 encrypts; needs "auth".'),
  context: z.string().default('').describe('Context of SNMP 3, where the device has several.'),
  timeout: timeoutOption,
}

export type SnmpOptions = z.output<z.ZodObject<typeof snmpOptions>>

/** The options of a device with SNMP and what is its own, with what belongs together checked. */
export function snmpSchema<Shape extends z.ZodRawShape>(own: Shape) {
  return z.strictObject({ ...snmpOptions, ...own }).superRefine((options, context) => {
    const { version, user, auth, privacy } = options as SnmpOptions
    const complain = (key: string, message: string) => {
      context.addIssue({ code: 'custom', path: [key], message })
    }
    if (version === 3 && user === undefined) complain('version', 'SNMP 3 needs a "user"')
    if (version !== undefined && version !== 3 && user !== undefined)
      complain('user', `a "user" is for SNMP 3, not for ${version}`)
    if (auth !== undefined && user === undefined) complain('auth', '"auth" needs a "user"')
    if (privacy !== undefined && auth === undefined) complain('privacy', '"privacy" needs "auth"')
  })
}

/** What keeps two runs from one outlet, however they reach it. */
export function snmpOutlet({ host }: { readonly host: string }, outlet: string | number): string {
  return `outlet:${host.toLowerCase()}/${outlet}`
}

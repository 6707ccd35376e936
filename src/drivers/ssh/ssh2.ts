import { z } from 'zod'
import { defineSsh } from '../../board/driver.ts'
import { secretReference } from '../../board/option-types.ts'
import { sshOptions } from '../../board/ssh-login.ts'

const { hostKey } = sshOptions

export const ssh2Schema = z.strictObject({
  host: z
    .string()
    .min(1)
    .optional()
    .describe('Name or address of the board; if absent, the board is asked on its console.'),
  interface: z
    .string()
    .min(1)
    .optional()
    .describe('The network interface of the board whose address is taken, where it is asked.'),
  ...sshOptions,
  user: z.string().min(1).default('root').describe('Who to log in as.'),
  password: z
    .union([z.string(), secretReference])
    .describe('The password, or a reference to a secret; none when there is no password.')
    .optional(),
  hostKey: z
    .union([z.literal('console'), hostKey.unwrap()])
    .default('known-hosts')
    .describe(
      `${hostKey.description ?? ''} With "console" those are trusted that the board itself shows on its console: for one that makes new keys each time it is installed.`,
    ),
  identity: z
    .boolean()
    .default(true)
    .describe(
      "Whether the machine that answers has to prove that it is the board on the console, by the kernel's boot_id.",
    ),
})

export type Ssh2Options = z.output<typeof ssh2Schema>

export const ssh2Driver = defineSsh({
  name: 'ssh2',
  summary: 'Commands, files and ports of the booted system over SSH, once its shell was reached.',
  schema: ssh2Schema,
  async open(options, context) {
    const { openSsh2 } = await import('./ssh2/driver.ts')
    return openSsh2(options, context)
  },
})

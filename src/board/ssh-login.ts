import { z } from 'zod'
import { path, secretReference } from './option-types.ts'

const fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no host key: write it as ssh-keygen -l prints it (SHA256:...), or say "known-hosts" or "accept-new"`,
})

/** How to log in to a machine by SSH; which machine is said beside it. */
const loginOptions = {
  port: z.int().min(1).max(65535).default(22).describe('TCP port of its SSH server.'),
  user: z.string().min(1).optional().describe('Who to log in as; the person hil runs for if absent.'),
  key: path('File of a private key; an SSH agent and the keys in ~/.ssh if absent.').optional(),
  passphrase: secretReference
    .describe('What unlocks the private key: { env: NAME } or { file: PATH }.')
    .optional(),
  password: secretReference.optional(),
  hostKey: z
    .union([z.enum(['known-hosts', 'accept-new']), fingerprint, z.array(fingerprint).min(1)])
    .default('known-hosts')
    .describe(
      'Which host key is trusted: the one in known_hosts; with accept-new also the first one of a host that is not there yet, which is then written there; or its fingerprint, as ssh-keygen -l prints it, or a list of them.',
    ),
}

const address = { host: z.string().min(1).describe('Name or address of the machine.') }

/** `USER@HOST`, or a map. */
function orText<Schema extends z.ZodType>(schema: Schema) {
  return z.union([
    z
      .string()
      .regex(/^(?:[^@\s:]+@)?[^@\s:]+$/, { error: 'write USER@HOST; a port goes into { host, port }' })
      .transform((value) => {
        const [host = '', user] = value.split('@').toReversed()
        return schema.parse({ host, ...(user === undefined ? {} : { user }) })
      }),
    schema,
  ])
}

const hop = orText(z.strictObject({ ...address, ...loginOptions }))

const jump = z
  .union([hop, z.array(hop)])
  .transform((value) => [value].flat())
  .describe(
    'The machine to go through where this one is not reached directly, or several, the first one first.',
  )
  .optional()

/** Options of whatever logs in by SSH; drivers put what is their own beside them. */
export const sshOptions = { ...loginOptions, jump }

/** A machine and how to log in to it, as a map. */
export const sshMachine = z.strictObject({ ...address, ...sshOptions })

/** The same, or `USER@HOST`. */
export const sshLogin = orText(sshMachine)

export type SshLogin = z.output<typeof sshLogin>

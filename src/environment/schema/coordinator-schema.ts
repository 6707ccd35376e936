import { z } from 'zod'
import { path } from '../../board/option-types.ts'
import { sshOptions } from '../../board/ssh-login.ts'

const login = z.strictObject(sshOptions)

/** Where a coordinator of labgrid is, and how it is spoken to. */
export interface CoordinatorAddress {
  /** `HOST:PORT` */
  readonly address: string
  /** How to log in to its exporters; absent: as this person. */
  readonly ssh?: z.output<typeof login>
  readonly tls: { readonly ca?: string; readonly certificate?: string; readonly key?: string } | undefined
}

/** The port of labgrid's coordinator, where none is said. */
const usualPort = 20_408

const address = z
  .string()
  .regex(/^(?:[^\s:/@]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i, {
    error: 'write HOST:PORT, or HOST alone for the usual port 20408',
  })
  .transform((value) => (/:\d+$/.test(value) ? value : `${value}:${usualPort}`))

const certificates = z
  .strictObject({
    ca: path(
      'PEM file of who signed the certificate of the coordinator; who this machine trusts if absent.',
    ).optional(),
    certificate: path(
      'PEM file of the certificate that the coordinator knows us by, where it asks.',
    ).optional(),
    key: path('PEM file of the private key of that certificate.').optional(),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    error: '"certificate" and "key" belong together',
  })

/** `HOST:PORT`, or a map. */
export const coordinatorSchema = z
  .union([
    address.transform((value): CoordinatorAddress => ({ address: value, tls: undefined })),
    z
      .strictObject({
        address: address.describe("HOST:PORT of labgrid's coordinator."),
        tls: z
          .union([z.literal(true), certificates])
          .describe('Speak to it under TLS: true, or with which certificates.')
          .transform((value) => (value === true ? {} : value))
          .optional(),
        ssh: login
          .describe(
            'How to log in to the machines of its exporters, where files and ports of theirs are needed.',
          )
          .optional(),
      })
      .transform(({ address: value, tls, ssh }): CoordinatorAddress => ({
        address: value,
        tls: tls && withoutAbsent(tls),
        ...(ssh && { ssh }),
      })),
  ])
  .describe("labgrid's coordinator: HOST:PORT, or a map where it wants TLS.")

function withoutAbsent(tls: z.output<typeof certificates>): NonNullable<CoordinatorAddress['tls']> {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}

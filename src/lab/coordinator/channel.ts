import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import {
  Client,
  credentials,
  Metadata,
  status,
  type ClientDuplexStream,
  type ServiceError,
} from '@grpc/grpc-js'
import { fromJSON, type MethodDefinition } from '@grpc/proto-loader'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import type { CoordinatorAddress } from '../../environment/schema/coordinator-schema.ts'
import type { ClientOutMessage } from './messages.ts'
import { wire } from './wire.ts'

// Their types know neither maps nor what may be left out.
const loaded = fromJSON(wire as unknown as Parameters<typeof fromJSON>[0], {
  longs: Number,
  arrays: true,
  objects: true,
  oneofs: true,
})
const methods = loaded['labgrid.Coordinator'] as unknown as Readonly<
  Record<string, MethodDefinition<object, object>>
>

export type Stream = ClientDuplexStream<object, ClientOutMessage>

/** One connection to a coordinator, which knows its clients by their connections. */
export class Channel {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  /** Nothing is connected yet. @throws HilError `coordinator.tls` (environment) */
  static async create({ address, tls }: CoordinatorAddress): Promise<Channel> {
    if (tls === undefined)
      return new Channel(new Client(address, credentials.createInsecure(), channelOptions))
    const [ca, key, certificate] = await Promise.all([
      readCertificate(tls.ca),
      read(tls.key),
      readCertificate(tls.certificate),
    ])
    const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
    const how = credentials.createSsl(ca, key, certificate, {
      checkServerIdentity: (_name, shown) => checkServerIdentity(host, shown),
    })
    // RFC 6066 has no addresses where the name of a server goes.
    const name = isIP(host) === 0 ? host : 'labgrid-coordinator'
    return new Channel(new Client(address, how, { ...channelOptions, 'grpc.ssl_target_name_override': name }))
  }

  open(): Stream {
    const { path, requestSerialize, responseDeserialize } = methodNamed('ClientStream')
    return this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
    ) as unknown as Stream
  }

  /** @throws ServiceError as the coordinator says it */
  async call(method: string, request: object, t: Deadline): Promise<object> {
    const { path, requestSerialize, responseDeserialize } = methodNamed(method)
    t.throwIfOver()
    return await new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: object) => {
        t.signal.removeEventListener('abort', cancel)
        if (t.signal.aborted) reject(t.signal.reason as Error)
        else if (error === null) resolve(answer ?? {})
        else reject(error)
      }
      const call = this.#client.makeUnaryRequest(
        ...([path, requestSerialize, responseDeserialize, request, new Metadata(), {}, done] as const),
      )
      const cancel = () => {
        call.cancel()
      }
      t.signal.addEventListener('abort', cancel, { once: true })
    })
  }

  /** Comes when the other end can be spoken to again. */
  connected(): Promise<void> {
    return new Promise((resolve) => {
      this.#client.waitForReady(Number.POSITIVE_INFINITY, () => {
        resolve()
      })
    })
  }

  close(): void {
    this.#client.close()
  }
}

/** The coordinator takes a ping each 5 s, and drops who is silent for 25. */
const channelOptions = {
  'grpc.keepalive_time_ms': 7500,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  // Two sessions of this process over one connection would be one to the coordinator.
  'grpc.use_local_subchannel_pool': 1,
} as const

/** Whether the connection was lost, rather than a request refused. */
export function isLost(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code
  return code === status.UNAVAILABLE || code === status.CANCELLED
}

function methodNamed(name: string): MethodDefinition<object, object> {
  const method = methods[name]
  if (method === undefined) throw new RangeError(`wire.ts has no method ${name}`)
  return method
}

/** OpenSSL passes over what is none, and then trusts nobody. */
async function readCertificate(file: string | undefined): Promise<Buffer | null> {
  const content = await read(file)
  if (file === undefined || content === null) return null
  try {
    new X509Certificate(content)
    return content
  } catch (cause) {
    throw new HilError('coordinator.tls', `the TLS file ${file} has no certificate in it, as PEM`, {
      ...{ blame: 'environment', details: { file }, cause },
    })
  }
}

async function read(file: string | undefined): Promise<Buffer | null> {
  if (file === undefined) return null
  try {
    return await readFile(file)
  } catch (cause) {
    throw new HilError('coordinator.tls', `the TLS file ${file} can't be read: ${reasonOf(cause)}`, {
      ...{ blame: 'environment', details: { file }, cause },
    })
  }
}

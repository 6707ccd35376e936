import { Client, credentials } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'
import assert from 'node:assert/strict'
import { wire } from '../../../src/lab/coordinator/wire.ts'

type Value = string | number | boolean

/** What an exporter tells of a resource that it would need a device for. */
export interface FakeResource {
  readonly group: string
  readonly name: string
  /** As clients see it: `NetworkUSBPowerPort`. */
  readonly cls: string
  readonly params: Readonly<Record<string, Value>>
  readonly extra?: Readonly<Record<string, Value>>
}

/**
 * Speaks to the coordinator as labgrid's exporter does, without the devices that one would look for: all that is asked
 * for is acquired and released.
 */
export async function startFakeExporter(
  coordinator: string,
  name: string,
  resources: readonly FakeResource[],
): Promise<Disposable> {
  const client = new Client(coordinator, credentials.createInsecure())
  const { path, requestSerialize, responseDeserialize } = exporterStream
  const stream = client.makeBidiStreamRequest<object, Order>(path, requestSerialize, responseDeserialize)
  const tell = ({ group, name: resource, cls, params, extra = {} }: FakeResource, acquired: string) =>
    stream.write({
      resource: {
        path: { groupName: group, resourceName: resource },
        ...{ cls, acquired, avail: true, params: values(params), extra: values(extra) },
      },
    })
  const greeted = new Promise<void>((resolve, reject) => {
    stream.on('data', ({ hello, acquire }: Order) => {
      if (hello !== undefined) resolve()
      if (acquire === undefined) return
      const { groupName, resourceName, placeName = '' } = acquire
      const found = resources.find((each) => each.group === groupName && each.name === resourceName)
      tell(found ?? assert.fail(`${groupName}/${resourceName} was never told of`), placeName)
      stream.write({ response: { success: true } })
    })
    stream.on('error', reject)
  })
  stream.write({ startup: { version: 'test', name } })
  for (const resource of resources) tell(resource, '')
  await greeted
  return {
    [Symbol.dispose]() {
      stream.cancel()
      client.close()
    },
  }
}

interface Order {
  readonly hello?: object
  readonly acquire?: {
    readonly groupName: string
    readonly resourceName: string
    readonly placeName?: string
  }
}

function values(map: Readonly<Record<string, Value>>): object {
  const kinds = { string: 'string', number: 'int', boolean: 'bool' } as const
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, { [kinds[typeof value as keyof typeof kinds]]: value }]),
  )
}

/** The half of the protocol that clients don't need. */
const { Resource, Path, Value, Startup } = wire.nested.labgrid.nested
const exporterWire = {
  nested: {
    labgrid: {
      nested: {
        ...{ Resource, Path, Value, Startup },
        Coordinator: {
          methods: {
            ExporterStream: {
              requestType: 'Said',
              requestStream: true,
              responseType: 'Order',
              responseStream: true,
            },
          },
        },
        Said: {
          oneofs: { kind: { oneof: ['resource', 'startup', 'response'] } },
          fields: {
            resource: { type: 'Resource', id: 1 },
            startup: { type: 'Startup', id: 2 },
            response: { type: 'Done', id: 3 },
          },
        },
        Done: { fields: { success: { type: 'bool', id: 1 } } },
        Order: {
          oneofs: { kind: { oneof: ['hello', 'acquire'] } },
          fields: { hello: { type: 'Hello', id: 1 }, acquire: { type: 'Acquire', id: 2 } },
        },
        Hello: { fields: { version: { type: 'string', id: 1 } } },
        Acquire: {
          fields: {
            groupName: { type: 'string', id: 1 },
            resourceName: { type: 'string', id: 2 },
            placeName: { type: 'string', id: 3 },
          },
        },
      },
    },
  },
}

const service = fromJSON(exporterWire as unknown as Parameters<typeof fromJSON>[0])['labgrid.Coordinator']
const { ExporterStream: exporterStream } = service as unknown as {
  readonly ExporterStream: {
    readonly path: string
    readonly requestSerialize: (value: object) => Buffer
    readonly responseDeserialize: (bytes: Buffer) => Order
  }
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { Coordinator } from '../../../src/lab/coordinator/coordinator.ts'
import { resourcesOfPlace } from '../../../src/lab/coordinator/place.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { startExporter, type TestExporter } from '../../support/labgrid/exporter.ts'
import { labgridClient } from '../../support/labgrid/programs.ts'
import { startTlsProxy } from '../../support/labgrid/tls-proxy.ts'
import { cancelReservation, untilAllocated } from '../../../src/lab/coordinator/reservation.ts'
import { freePort } from '../../support/free-port.ts'
import { describeWith, itWith } from '../../support/requirements.ts'

describeWith(['labgrid'], "a session with labgrid's coordinator", function () {
  this.timeout(60_000)
  let server: TestCoordinator
  let exporter: TestExporter
  let t: Deadline

  before(async function () {
    this.timeout(120_000)
    server = await startCoordinator({
      rock: {
        matches: { 'lab1/rock*/NetworkPowerPort': 'outlet', 'lab1/rock?/*/net': null },
        tags: { board: 'rock3a' },
        aliases: ['r1'],
        comment: 'on the shelf',
      },
      spare: { matches: {} },
    })
    exporter = await startExporter(server.address, {
      name: 'lab1',
      resources: {
        rocks: {
          NetworkPowerPort: { model: 'gude', host: 'pdu1', index: 3 },
          net: { cls: 'NetworkService', address: '10.0.0.7', username: 'root' },
          other: { cls: 'NetworkService', address: '10.0.0.8', username: 'root' },
        },
      },
    })
  })
  after(async () => {
    await exporter?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    t = startDeadline(50_000, 'the test')
  })
  afterEach(() => {
    t[Symbol.dispose]()
  })

  const connect = (address = server.address, tls?: { readonly ca?: string }) =>
    Coordinator.connect({ address, tls }, t)

  it('knows places and the resources that belong to them, by the names they have there', async () => {
    using coordinator = await connect()

    const rock = coordinator.places.get('rock') ?? assert.fail()
    assert.deepEqual([...coordinator.places.keys()].sort(), ['rock', 'spare'])
    assert.deepEqual(rock.tags, { board: 'rock3a' })
    assert.deepEqual([rock.aliases, rock.comment, rock.holder], [['r1'], 'on the shelf', undefined])
    const found = resourcesOfPlace(rock, coordinator.resources)
    assert.deepEqual(
      found.map(({ name, resource: { cls } }) => `${name} ${cls}`),
      ['outlet NetworkPowerPort', 'net NetworkService'],
    )
    assert.deepEqual(found[0]?.resource.params, { model: 'gude', host: 'pdu1', index: 3 })
  })

  it('sees at once what labgrid-client does', async () => {
    using coordinator = await connect()
    const held = coordinator.until(() => coordinator.places.get('rock')?.holder, t)

    await labgridClient(server.address, ['-p', 'rock', 'acquire'])
    assert.equal(await held, 'desk/ann')
    const rock = coordinator.places.get('rock') ?? assert.fail()
    assert.deepEqual(
      resourcesOfPlace(rock, coordinator.resources).map(({ name }) => name),
      ['outlet', 'net'],
    )
    const free = coordinator.until(() => coordinator.places.get('rock')?.holder === undefined || undefined, t)
    await labgridClient(server.address, ['-p', 'rock', 'release'])
    await free
  })

  it('is two sessions where there are two in one process', async () => {
    using one = await connect()
    using other = await connect()
    for (const coordinator of [one, other]) assert.equal(coordinator.places.size, 2)
  })

  it('says of a reservation that it has expired, or that it never was', async () => {
    using client = await connect()
    const token = 'TOKENTOKEN'
    for (const use of [untilAllocated(client, token, t), cancelReservation(client, token, t)]) {
      await assert.rejects(use, {
        code: 'place.no-reservation',
        blame: 'infrastructure',
        message: new RegExp(
          `^the coordinator at \\S+ has no reservation ${token} any more .*; reserve anew$`,
        ),
      })
    }
  })

  it('says that nobody answers', async () => {
    const port = await freePort()
    await assert.rejects(connect(`127.0.0.1:${port}`), {
      code: 'coordinator.unreachable',
      blame: 'infrastructure',
      message: `no coordinator of labgrid answers at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}; it is not running, or somewhere else, or wants TLS ("tls: true", --tls)`,
    })
  })

  it('says that what took the connection says nothing', async () => {
    const taken: Socket[] = []
    await using address = await listen(createTcpServer((socket) => taken.push(socket)))
    using brief = t.within(200, 'connecting')
    await assert.rejects(Coordinator.connect({ address: address.address, tls: undefined }, brief), {
      code: 'coordinator.unreachable',
      blame: 'infrastructure',
      message: `no coordinator of labgrid answers at ${address.address}: nothing came within 200 ms; it hangs, is something else, or a firewall drops what is sent there`,
    })
    for (const socket of taken) socket.destroy()
  })

  it('says of a server of an older release that it speaks no gRPC', async () => {
    const older = createServer((_request, response) => response.writeHead(426).end('crossbar'))
    await using address = await listen(older)
    await assert.rejects(connect(address.address), {
      code: 'coordinator.protocol',
      blame: 'environment',
      message: `what answers at ${address.address} does not speak gRPC (Protocol error): labgrid before release 25 had another coordinator; bring it up to date, or correct the address`,
    })
  })

  it('says of a gRPC server of another kind, or of a release to come, that hil does not understand it', async () => {
    const other = createHttp2Server()
    other.on('stream', (stream) => {
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': '12',
          'grpc-message': 'Method not found!',
        },
        { endStream: true },
      )
    })
    await using address = await listen(other)
    await assert.rejects(connect(address.address), {
      code: 'coordinator.protocol',
      message:
        /^what answers at 127\.0\.0\.1:\d+ is no coordinator that hil understands: .*Method not found!/,
    })
  })

  itWith(
    ['openssl'],
    'speaks TLS with a server whose certificate is trusted, and with no other',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'hil-tls-'))
      try {
        await using proxy = await startTlsProxy(server.address, directory)
        const ca = proxy.certificate
        using trusted = await connect(proxy.address, { ca })
        assert.equal(trusted.places.size, 2)
        await assert.rejects(connect(proxy.address, {}), {
          code: 'coordinator.tls',
          blame: 'environment',
          message: /self[- ]signed certificate/,
        })
        await assert.rejects(connect(proxy.address), {
          code: 'coordinator.unreachable',
          message: /wants TLS/,
        })
        await assert.rejects(connect(server.address, {}), {
          code: 'coordinator.tls',
          message: /speaks no TLS/,
        })
        await assert.rejects(connect(proxy.address.replace('127.0.0.1', 'localhost'), { ca }), {
          code: 'coordinator.tls',
          message: /can't agree on TLS: Hostname\/IP does not match .*; correct "tls"/,
        })
        await assert.rejects(connect(proxy.address, { ca: proxy.key }), {
          code: 'coordinator.tls',
          message: `the TLS file ${proxy.key} has no certificate in it, as PEM`,
        })
        await using strict = await startTlsProxy(server.address, directory, { asksForCertificate: true })
        await assert.rejects(connect(strict.address, { ca: strict.certificate }), {
          code: 'coordinator.tls',
          message: `the coordinator at ${strict.address} and hil can't agree on TLS: tlsv13 alert certificate required; name yours as "tls: { certificate: FILE, key: FILE }"`,
        })
        await assert.rejects(connect(proxy.address, { ca: join(directory, 'none.pem') }), {
          message: /^the TLS file .*none\.pem can't be read: no such file or directory$/,
        })
      } finally {
        await rm(directory, { recursive: true })
      }
    },
  )

  it('knows everything again after the coordinator was started anew, and asks it what it was to ask meanwhile', async () => {
    using coordinator = await connect()
    let changes = 0
    using _listening = coordinator.onChange(() => changes++)
    await server.kill()
    while (coordinator.places.size > 0) await t.race(once(changed(coordinator), 'change'))
    const acquired = coordinator.ask(
      { method: 'AcquirePlace', request: { placename: 'spare' }, what: 'acquire spare' },
      t,
    )

    await server.start()
    await acquired
    assert.equal(coordinator.places.get('spare')?.holder, coordinator.identity)
    assert.equal(changes >= 2, true)
    // The exporter comes back by itself, and its resources with it.
    await coordinator.until(() => ([...coordinator.resources].length === 3 ? true : undefined), t)
  })
})

/** Its changes as events. */
function changed(coordinator: Coordinator): EventTarget {
  const target = new EventTarget()
  coordinator.onChange(() => target.dispatchEvent(new Event('change')))
  return target
}

async function listen(server: Server): Promise<AsyncDisposable & { readonly address: string }> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      if ('closeAllConnections' in server) (server as { closeAllConnections(): void }).closeAllConnections()
      await once(server, 'close')
    },
  }
}

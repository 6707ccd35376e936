import assert from 'node:assert/strict'
import { appendFile, readdir } from 'node:fs/promises'
import type { ServerAddress } from '../../../src/board/boot-plan.ts'
import type { FileServer } from '../../../src/board/file-server.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { RunEventBody } from '../../../src/core/events.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import type { EmbeddedTftp, TftpSettings } from '../../../src/environment/environment.ts'
import { openFiles } from '../../../src/lab/open-files.ts'
import { closeSocket, openUdpSocket } from '../../../src/servers/tftp/udp-socket.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { writeFiles, type Files } from '../../support/environment-files.ts'
import { fetchFile } from '../../support/tftp/client.ts'

const embedded: EmbeddedTftp = {
  embedded: { listen: undefined, port: undefined },
  address: undefined,
  port: undefined,
}
const emulated = { hostAddress: '10.0.2.2' }

describe('Where a board fetches files from', () => {
  let t: Deadline
  let files: Files
  let events: RunEventBody[]
  let undo: UndoStack
  let heard: () => void

  beforeEach(async () => {
    t = startDeadline(5000, 'test')
    files = await writeFiles({ Image: 'content', 'served/.keep': '' })
    events = []
    undo = new UndoStack()
    heard = () => undefined
  })

  afterEach(async () => {
    assert.deepEqual(await undo.run(), [])
    await files[Symbol.asyncDispose]()
    t[Symbol.dispose]()
  })

  async function open(tftp: TftpSettings | undefined, own?: FileServer, name = 'one', stack = undo) {
    const [spec = assert.fail()] = fakeEnvironment({ [name]: new FakeBoard() }).boards
    const emit = (event: RunEventBody) => {
      events.push(event)
      heard()
    }
    return openFiles({ ...spec, network: { tftp } }, { files: own, emulated }, { undo: stack, emit })
  }

  const nextEvent = () =>
    t.race(
      new Promise<void>((resolve) => {
        heard = resolve
      }),
    )

  const own: FileServer = { address: { host: 'own', port: 1 }, publish: () => assert.fail() }

  it("is nowhere, or the machine's own server, or a directory that is left as it was", async () => {
    assert.equal(await open(undefined), undefined)
    assert.equal(await open(undefined, own), own)
    const directory = files.path('served')
    const staged = await open({ directory, address: '10.0.0.1', port: 69 })
    const { name } = (await staged?.publish('kernel', files.path('Image'), t)) ?? assert.fail()
    assert.deepEqual(await readdir(directory), ['.keep', name])
    await undo.run()
    assert.deepEqual(await readdir(directory), ['.keep'])
  })

  it('is the directory of an HTTP server, also for a machine that brings a server along', async () => {
    const [spec = assert.fail()] = fakeEnvironment({ one: new FakeBoard() }).boards
    const http = { directory: files.path('served'), address: '10.0.0.1', port: 8080, path: '/images' }
    const network = { tftp: undefined, http }
    const server = await openFiles({ ...spec, network }, { files: own, emulated }, { undo, emit: () => {} })
    assert.deepEqual(server?.address, { host: '10.0.0.1', port: 8080, httpPath: '/images' })
    const { name } = await server.publish('kernel', files.path('Image'), t)
    assert.deepEqual(await readdir(http.directory), ['.keep', name])
  })

  it("is hil's own server where the environment says so, on loopback for a machine that brings another", async () => {
    const server = (await open(embedded, own)) ?? assert.fail()
    assert.equal(addressOf(server).host, '10.0.2.2')
    const { port } = addressOf(server)
    const { name, sha256 } = await server.publish('kernel', files.path('Image'), t)
    const ended = nextEvent()
    assert.equal((await fetchFile({ port, name }, t)).content.toString(), 'content')
    await ended
    await undo.run()
    assert.deepEqual(
      events.map(
        (event) => event.type === 'file-fetched' && [event.board, event.name, event.sha256, event.end],
      ),
      [['one', name, sha256, 'complete']],
    )
    await closeSocket(await openUdpSocket('127.0.0.1', port))
  })

  it('is what the environment says of a redirected port', async () => {
    const listening = { ...embedded, embedded: { listen: '127.0.0.1', port: await freePort() } }
    const server = await open({ ...listening, address: '192.168.1.2', port: 69 })
    assert.deepEqual(server?.address, { host: '192.168.1.2', port: 69 })
  })

  it('is one server for boards that listen at one port, until the last is released', async () => {
    const port = await freePort()
    const tftp = { ...embedded, embedded: { listen: '127.0.0.1', port } }
    const others = new UndoStack()
    const [one, two] = await Promise.all([open(tftp), open(tftp, undefined, 'two', others)])
    const first = (await one?.publish('kernel', files.path('Image'), t)) ?? assert.fail()
    const second = (await two?.publish('kernel', files.path('Image'), t)) ?? assert.fail()
    assert.deepEqual([first.name, second.name], ['one/kernel', 'two/kernel'])
    await undo.run()
    await assert.rejects(fetchFile({ port, name: 'one/kernel' }, t), { code: 1 })
    const ended = nextEvent()
    assert.equal((await fetchFile({ port, name: 'two/kernel' }, t)).content.toString(), 'content')
    await ended
    await others.run()
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'file-fetched' ? event.board : [])),
      ['two'],
    )
    await closeSocket(await openUdpSocket('127.0.0.1', port))
  })

  it('warns of a file that has changed, and tells once what is missing', async () => {
    const server = (await open(embedded)) ?? assert.fail()
    const { port } = addressOf(server)
    const { name } = await server.publish('kernel', files.path('Image'), t)
    await appendFile(files.path('Image'), 'more')
    await assert.rejects(fetchFile({ port, name }, t))
    for (let times = 0; times < 3; times++) await assert.rejects(fetchFile({ port, name: 'none' }, t))
    // What devboot asks for first, where the script is the one of the architecture.
    await assert.rejects(fetchFile({ port, name: 'one/hil-devboot-rock3a' }, t))
    const notes = events.flatMap((event) => (event.type === 'note' ? `${event.level}: ${event.message}` : []))
    const [changed = '', missing, ...others] = notes
    assert.match(changed, /^warning: 127\.0\.0\.1 did not get "one\/kernel" by TFTP: .* not served any more/)
    assert.equal(missing, 'info: 127.0.0.1 did not get "none" by TFTP: no such file: none')
    assert.deepEqual(others, [])
  })

  it('can be opened at a second try when the port was taken at the first', async () => {
    const taken = await openUdpSocket('127.0.0.1', 0)
    const { port } = taken.address()
    const tftp = { ...embedded, embedded: { listen: '127.0.0.1', port } }
    await assert.rejects(open(tftp), { code: 'tftp.port-in-use' })
    await closeSocket(taken)
    assert.equal(addressOf((await open(tftp)) ?? assert.fail()).port, port)
  })
})

async function freePort(): Promise<number> {
  const socket = await openUdpSocket('127.0.0.1', 0)
  const { port } = socket.address()
  await closeSocket(socket)
  return port
}

function addressOf({ address }: FileServer): ServerAddress {
  assert.ok(address !== 'console')
  return address
}

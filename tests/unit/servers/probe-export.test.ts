import assert from 'node:assert/strict'
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import { probeExport } from '../../../src/servers/nfs/probe-export.ts'
import { words } from '../../../src/servers/nfs/sun-rpc.ts'

/** A call as a server sees it (RFC 5531, with AUTH_SYS and no verifier). */
interface Call {
  readonly program: number
  readonly procedure: number
  readonly argument: Buffer
}

describe('What barebox asks of an NFS server', () => {
  let undo: UndoStack
  let t: Deadline

  beforeEach(() => {
    undo = new UndoStack()
    t = startDeadline(5000, 'test')
  })
  afterEach(async () => {
    await undo.run()
    t[Symbol.dispose]()
  })

  /** @returns the port of a server that answers calls with results in XDR */
  async function serve(answer: (call: Call) => Buffer | undefined): Promise<number> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    undo.defer('closing the server', () => new Promise<void>((resolve) => socket.close(() => resolve())))
    socket.on('message', (message: Buffer, from: RemoteInfo) => {
      const afterCredentials = 32 + message.readUInt32BE(28)
      const result = answer({
        program: message.readUInt32BE(12),
        procedure: message.readUInt32BE(20),
        argument: message.subarray(afterCredentials + 8),
      })
      const head = words(message.readUInt32BE(0), 1, 0, 0, 0, result === undefined ? 1 : 0)
      socket.send(Buffer.concat([head, result ?? Buffer.alloc(0)]), from.port)
    })
    await once(socket, 'listening')
    return socket.address().port
  }

  /** A portmapper, and one mountd behind it. */
  async function server(mountStatus: number, hasNfs = true) {
    const asked: string[] = []
    const mountd = await serve(({ procedure, argument }) => {
      asked.push(`${procedure} ${argument.toString('utf8', 4, 4 + argument.readUInt32BE(0))}`)
      return procedure === 1 ? words(mountStatus) : Buffer.alloc(0)
    })
    const portmapper = await serve(({ program, argument }) => {
      assert.equal(program, 100_000)
      const isNfs = argument.readUInt32BE(0) === 100_003
      return words(isNfs && !hasNfs ? 0 : mountd)
    })
    return { asked, portmapper }
  }

  it('is answered by one that exports the tree, and what was mounted is given back', async () => {
    const { asked, portmapper } = await server(0)
    assert.equal(await probeExport('127.0.0.1', '/srv/root', t, portmapper), undefined)
    assert.deepEqual(asked, ['1 /srv/root', '3 /srv/root'])
  })

  it('is told apart where it fails, with what to do', async () => {
    const refused = await server(13)
    assert.match(
      (await probeExport('127.0.0.1', '/srv/root', t, refused.portmapper)) ?? '',
      /does not let \/srv\/root be mounted: the server does not export it.*\/etc\/exports/,
    )
    const onlyTcp = await server(0, false)
    assert.match(
      (await probeExport('127.0.0.1', '/srv/root', t, onlyTcp.portmapper)) ?? '',
      /serves no NFS version 3 over UDP, the only one that barebox speaks: .*udp=y/,
    )
    assert.deepEqual(onlyTcp.asked, [])
  })

  it('finds nobody where no portmapper runs', async () => {
    const closed = createSocket('udp4').bind(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address()
    closed.close()
    await once(closed, 'close')
    assert.match(
      (await probeExport('127.0.0.1', '/srv/root', t, port)) ?? '',
      /no NFS server answers at 127\.0\.0\.1 \(connection refused.*\): install/,
    )
  })
})

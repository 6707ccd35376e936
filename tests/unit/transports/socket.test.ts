import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { openTcp, openUnix } from '../../../src/transports/socket.ts'
import { RecordingReader } from '../../support/recording-reader.ts'

describe('A console behind a socket', () => {
  const connectTimeoutMs = 5000

  it('says that nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    await assert.rejects(openTcp({ host: '127.0.0.1', port, connectTimeoutMs })(new RecordingReader()), {
      code: 'transport.not-connected',
      blame: 'infrastructure',
      message: `can't connect to tcp://127.0.0.1:${port}: nobody listens there; is the server for the console running?`,
    })
  })

  it('is given any time to be connected in, whole milliseconds or not', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    // 2.01 s, and 60 days.
    for (const ms of [2.01 * 1000, 60 * 86_400_000]) {
      const reader = new RecordingReader()
      const transport = await openTcp({ host: '127.0.0.1', port, connectTimeoutMs: ms })(reader)
      await transport.close()
    }
    server.close()
  })

  it('says that the host is not known', async () => {
    const open = openTcp({ host: 'no-such-host.invalid', port: 4001, connectTimeoutMs })
    await assert.rejects(open(new RecordingReader()), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'transport.not-connected')
      assert.match(error.message, /tcp:\/\/no-such-host\.invalid:4001/)
      return true
    })
  })

  it('says that there is no such socket', async () => {
    await assert.rejects(openUnix({ path: '/nonexistent/uart', connectTimeoutMs })(new RecordingReader()), {
      code: 'transport.not-connected',
      blame: 'environment',
      message: "can't connect to /nonexistent/uart: there is no such socket",
    })
  })

  it('says in words why there can be no such socket', async () => {
    await assert.rejects(openUnix({ path: '/dev/null/uart', connectTimeoutMs })(new RecordingReader()), {
      message: "can't connect to /dev/null/uart: not a directory",
    })
  })

  it('is lost when the other end has ended, though that reads nothing of what is on the way to it', async () => {
    await using there = await halfOpenPeer()
    const reader = new RecordingReader()
    const transport = await openTcp({ host: '127.0.0.1', port: there.port, connectTimeoutMs })(reader)
    const peer = await there.accepted
    // More than the kernel takes for somebody who does not read.
    const written = transport.write(Buffer.alloc(64 * 1024 * 1024))
    peer.end('last words')
    await assert.rejects(written, { code: 'console.closed' })
    assert.equal(reader.text(), 'last words')
    await transport.close()
  })
})

interface Peer extends AsyncDisposable {
  readonly port: number
  readonly accepted: Promise<Socket>
}

/** A server that never reads, and whose end of sending is not the end of the connection. */
async function halfOpenPeer(): Promise<Peer> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection').then(([socket]) => socket as Socket)
  return {
    port: (server.address() as { port: number }).port,
    accepted,
    async [Symbol.asyncDispose]() {
      server.close()
      const socket = await accepted
      socket.destroy()
    },
  }
}

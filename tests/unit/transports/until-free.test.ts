import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { openTelnet } from '../../../src/transports/telnet.ts'
import { encodeNegotiation } from '../../../src/transports/telnet/codec.ts'
import { options } from '../../../src/transports/telnet/options.ts'
import { RecordingReader } from '../../support/recording-reader.ts'

describe('A telnet server that still gives its device back', () => {
  /** Hangs up on the first so many who come, then agrees to binary. */
  async function serve(hangsUp: number) {
    let came = 0
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      if (++came <= hangsUp) {
        socket.once('data', () => socket.resetAndDestroy())
      } else {
        socket.resume()
        socket.write(
          Buffer.concat([encodeNegotiation('will', options.binary), encodeNegotiation('do', options.binary)]),
        )
      }
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      came: () => came,
      open: openTelnet({
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        connectTimeoutMs: 10_000,
      }),
      async [Symbol.asyncDispose]() {
        for (const socket of sockets) socket.destroy()
        server.close()
        await once(server, 'close')
      },
    }
  }

  it('is asked again', async () => {
    await using server = await serve(2)
    const reader = new RecordingReader()
    const transport = await server.open(reader)
    assert.equal(server.came(), 3)
    await transport.close()
    assert.equal(reader.closedCalls, 1)
  })

  it('is given up where it goes on so', async () => {
    await using server = await serve(Infinity)
    const reader = new RecordingReader()
    await assert.rejects(server.open(reader), { code: 'transport.hung-up', blame: 'infrastructure' })
    assert.equal(server.came(), 5)
    assert.equal(reader.closedCalls, 0)
  })

  it('is not asked again once nobody wants it', async () => {
    await using server = await serve(Infinity)
    const ending = new AbortController()
    const opening = server.open(new RecordingReader(), { signal: ending.signal, wait: false })
    ending.abort(new Error('not wanted'))
    await assert.rejects(opening, /not wanted/)
  })
})

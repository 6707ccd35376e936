import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import type { FetchEnded } from '../../../../src/servers/tftp/events.ts'
import { decodePacket, encodePacket, type TftpPacket } from '../../../../src/servers/tftp/packet.ts'
import { startTftpServer, type TftpServer } from '../../../../src/servers/tftp/tftp-server.ts'
import {
  readByTftp,
  type TftpReadRequest,
  type TftpReadResult,
} from '../../../../src/servers/tftp/tftp-read.ts'
import { closeSocket, openUdpSocket } from '../../../../src/servers/tftp/udp-socket.ts'
import { openBadLink } from '../../../support/tftp/bad-link.ts'

const host = '127.0.0.1'

describe('Reading by TFTP as barebox does', () => {
  let directory: string
  let server: TftpServer
  let t: Deadline
  let ended: FetchEnded[]
  let arrived: (() => void) | undefined

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    ended = []
    server = await startTftpServer({
      host,
      port: 0,
      onEvent: (event) => {
        if (event.type === 'fetch-ended') ended.push(event)
        arrived?.()
      },
    })
  })

  afterEach(async () => {
    await server.close()
    await rm(directory, { recursive: true })
    t[Symbol.dispose]()
  })

  for (const size of [0, 1, 1431, 1432, 1433, 300_000]) {
    for (const windowSize of [1, 4]) {
      it(`gets a file of ${size} bytes, ${windowSize} blocks at a time`, async () => {
        const content = await publish(size)
        const result = await read({ windowSize })
        assert.ok(result.kind === 'read')
        assert.ok(result.bytes.equals(content))
        assert.equal(result.size, size)
        assert.equal((await lastEnd()).end, 'complete')
      })
    }
  }

  it('looks a file up with small blocks, and aborts', async () => {
    await publish(5000)
    const result = await read({ limit: 0, windowSize: 4 })
    assert.deepEqual(result, { kind: 'read', bytes: Buffer.alloc(0), size: 5000 })
    const { end, reason, options } = await lastEnd()
    assert.deepEqual([end, reason], ['aborted', 'the client sent error 0'])
    assert.deepEqual(options, { blksize: '512', timeout: '5', tsize: '5000' })
  })

  it('reads the beginning of a file, and aborts', async () => {
    const content = await publish(50_000)
    const result = await read({ limit: 4096 })
    assert.ok(result.kind === 'read' && result.bytes.equals(content.subarray(0, 4096)))
    const { end, acknowledgedBytes } = await lastEnd()
    assert.equal(end, 'aborted')
    assert.ok(acknowledgedBytes < 5000)
  })

  it('gets a file over a link that doubles and swaps packets', async () => {
    const content = await publish(200_000)
    await using link = await openBadLink(server.address.port, { duplication: 0.1, reordering: 0.1, seed: 7 })
    const result = await read({ server: { host, port: link.port }, windowSize: 4 })
    assert.ok(result.kind === 'read' && result.bytes.equals(content))
  })

  it('has its last acknowledgement counted, however busy the process is', async () => {
    await publish(3000)
    await read({})
    // The server's timer is over before it can look at its socket.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
    assert.equal((await lastEnd()).end, 'complete')
  })

  it('says what the server refused', async () => {
    const result = await read({ name: 'other' })
    assert.ok(result.kind === 'refused')
    assert.equal(result.code, 1)
  })

  it('knows at once when nobody listens there', async () => {
    const socket = await openUdpSocket(host, 0)
    const { port } = socket.address()
    await closeSocket(socket)
    assert.deepEqual(await read({ server: { host, port } }), { kind: 'unanswered', closed: true })
  })

  it('gets a file from a server that knows no options, and from the port that was asked', async () => {
    const first = Buffer.alloc(512, 'a')
    await using answering = await answer((packet) => {
      if (packet.type === 'read') return { type: 'data', block: 1, payload: first }
      return packet.type === 'ack' && packet.block === 1
        ? { type: 'data', block: 2, payload: Buffer.from('end') }
        : undefined
    })
    const result = await read({ server: answering.address })
    assert.ok(result.kind === 'read')
    assert.equal(result.bytes.toString(), `${first.toString()}end`)
    assert.equal(result.size, undefined)
  })

  it('takes no larger blocks than it asked for', async () => {
    await using answering = await answer((packet) =>
      packet.type === 'read' ? { type: 'options-ack', options: new Map([['blksize', '9000']]) } : undefined,
    )
    assert.deepEqual(await read({ server: answering.address }), { kind: 'invalid' })
  })

  it('says nothing more when it is dropped', async () => {
    await publish(5_000_000)
    const drop = readByTftp(request({}), { resent: () => undefined, stray: () => undefined }, () =>
      assert.fail('it is over'),
    )
    await new Promise((resolve) => setImmediate(resolve))
    drop()
  })

  function request(changes: Partial<TftpReadRequest>): TftpReadRequest {
    return { server: server.address, name: 'file', blockSize: 1432, windowSize: 1, ...changes }
  }

  function read(changes: Partial<TftpReadRequest>): Promise<TftpReadResult> {
    return t.race(
      new Promise((resolve) => {
        readByTftp(request(changes), { resent: () => undefined, stray: () => undefined }, resolve)
      }),
    )
  }

  async function publish(size: number): Promise<Buffer> {
    const content = randomBytes(size)
    await writeFile(join(directory, 'file'), content)
    await server.publish('file', join(directory, 'file'), t)
    return content
  }

  async function lastEnd(): Promise<FetchEnded> {
    while (ended.length === 0) {
      await t.race(
        new Promise<void>((resolve) => {
          arrived = resolve
        }),
      )
    }
    return ended.at(-1) ?? assert.fail()
  }
})

/** A server that answers each packet as told, from the port it was asked at. */
async function answer(reply: (packet: TftpPacket) => TftpPacket | undefined) {
  const socket = await openUdpSocket(host, 0)
  socket.on('message', (bytes, from) => {
    const packet = reply(decodePacket(bytes))
    if (packet !== undefined) socket.send(encodePacket(packet), from.port, from.address)
  })
  return {
    address: { host, port: socket.address().port },
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

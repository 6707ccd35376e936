import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once, setMaxListeners } from 'node:events'
import { appendFile, rename, utimes, writeFile } from 'node:fs/promises'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import type { TftpEvent } from '../../../../src/servers/tftp/events.ts'
import { encodePacket } from '../../../../src/servers/tftp/packet.ts'
import { defaultTiming } from '../../../../src/servers/tftp/retransmission-timer.ts'
import { startTftpServer, type TftpServer } from '../../../../src/servers/tftp/tftp-server.ts'
import { closeSocket, openUdpSocket } from '../../../../src/servers/tftp/udp-socket.ts'
import { writeFiles, type Files } from '../../../support/environment-files.ts'
import { randomFrom } from '../../../support/tftp/bad-link.ts'
import { fetchFile, openClient, requestPacket, sendRaw } from '../../../support/tftp/client.ts'

function noise(size: number, seed = 1): Buffer {
  const random = randomFrom(seed)
  return Buffer.from(Uint8Array.from({ length: size }, () => random() * 256))
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('The TFTP server', () => {
  let t: Deadline
  let server: TftpServer
  let files: Files
  let events: TftpEvent[]
  let heard: (event: TftpEvent) => void
  const image = noise(300_000)
  const other = noise(300_000, 2)

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    setMaxListeners(50, t.signal)
    events = []
    heard = () => undefined
    files = await writeFiles({ Image: image, empty: '', exact: noise(1024) })
    server = await startTftpServer({
      host: '127.0.0.1',
      port: 0,
      onEvent: (event) => {
        events.push(event)
        heard(event)
      },
    })
  })

  afterEach(async () => {
    await server.close()
    await files[Symbol.asyncDispose]()
    t[Symbol.dispose]()
  })

  const fetch = (name: string, options = {}, more = {}) =>
    fetchFile({ port: server.address.port, name, options, ...more }, t)

  const nextEvent = () =>
    t.race(
      new Promise<TftpEvent>((resolve) => {
        heard = resolve
      }),
    )

  it('serves a published file, and says what was fetched of it', async () => {
    const served = await server.publish('one/kernel', files.path('Image'), t)
    assert.deepEqual(served, {
      name: 'one/kernel',
      size: 300_000,
      sha256: sha256(image),
      crc32: served.crc32,
    })
    const ended = nextEvent()
    const { content, options } = await fetch('one/kernel', { blksize: 1432, tsize: 0, timeout: 5 })
    assert.ok(content.equals(image))
    assert.deepEqual(options, { blksize: '1432', timeout: '5', tsize: '300000' })
    const { durationMs, client, ...event } = (await ended) as TftpEvent & { durationMs: number }
    assert.equal(client.host, '127.0.0.1')
    assert.ok(durationMs >= 0)
    assert.deepEqual(event, {
      type: 'fetch-ended',
      name: 'one/kernel',
      sha256: sha256(image),
      size: 300_000,
      sentBytes: 300_000,
      acknowledgedBytes: 300_000,
      resentBlocks: 0,
      options,
      end: 'complete',
    })
    const { type: _, ...fetched } = event
    assert.deepEqual(server.fetches('one/kernel'), [{ ...fetched, durationMs, client }])
    assert.deepEqual(server.fetches('other'), [])
  })

  for (const options of [
    {},
    { blksize: 8, windowsize: 100 },
    { blksize: 65464 },
    { blksize: 1000, windowsize: 16 },
    { blksize: 65464, windowsize: 64 },
    { windowsize: 65535 },
  ]) {
    it(`serves whole files, exact multiples of a block and empty ones with ${JSON.stringify(options)}`, async () => {
      for (const name of ['Image', 'exact', 'empty']) {
        const { sha256: expected } = await server.publish(name, files.path(name), t)
        assert.equal(sha256((await fetch(name, options)).content), expected, name)
      }
    })
  }

  it('serves more blocks than there are numbers', async () => {
    const large = noise(70_000 * 8 + 3)
    await writeFile(files.path('large'), large)
    await server.publish('large', files.path('large'), t)
    assert.ok((await fetch('large', { blksize: 8, windowsize: 64 })).content.equals(large))
  })

  it('serves many at once, also of one file', async () => {
    await server.publish('Image', files.path('Image'), t)
    await server.publish('exact', files.path('exact'), t)
    const fetched = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        fetch(index % 4 === 0 ? 'exact' : 'Image', { blksize: 512 + index, windowsize: 1 + (index % 5) }),
      ),
    )
    for (const [index, { content }] of fetched.entries()) {
      assert.equal(content.length, index % 4 === 0 ? 1024 : 300_000)
      if (content.length > 1024) assert.ok(content.equals(image))
    }
  })

  it('takes a leading slash for nothing, and no name for a path', async () => {
    await server.publish('Image', files.path('Image'), t)
    assert.equal((await fetch('/Image')).content.length, 300_000)
    for (const name of ['../Image', './Image', files.path('Image'), '/etc/hostname', 'image', 'x/../Image']) {
      await assert.rejects(fetch(name), { code: 1, message: `no such file: ${name}` })
    }
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'request-refused' ? event.why : [])),
      Array(6).fill('not-found'),
    )
  })

  it('takes no files, and no modes but octet', async () => {
    await server.publish('Image', files.path('Image'), t)
    await assert.rejects(fetch('Image', {}, { type: 'write' }), { code: 2 })
    await assert.rejects(fetch('new', {}, { type: 'write' }), { code: 2 })
    await assert.rejects(fetch('Image', {}, { mode: 'netascii' }), { code: 4, message: /octet/ })
    assert.equal((await fetch('Image', {}, { mode: 'OCTET' })).content.length, 300_000)
  })

  it('lets a client look a file up and abort, as barebox does, and is free at once', async () => {
    await server.publish('Image', files.path('Image'), t)
    using client = await openClient(server.address.port)
    client.send(requestPacket({ port: 0, name: 'Image', options: { timeout: 5, blksize: 512, tsize: 0 } }))
    assert.deepEqual(await client.receive(t), {
      type: 'options-ack',
      options: new Map([
        ['blksize', '512'],
        ['timeout', '5'],
        ['tsize', '300000'],
      ]),
    })
    client.send({ type: 'ack', block: 0 })
    assert.equal((await client.receive(t)).type, 'data')
    const ended = nextEvent()
    client.send({ type: 'error', code: 0, message: '' })
    const event = await ended
    assert.ok(event.type === 'fetch-ended')
    assert.deepEqual(
      [event.end, event.reason, event.sentBytes, event.acknowledgedBytes],
      ['aborted', 'the client sent error 0', 512, 0],
    )
    await closeSocket(await openUdpSocket('127.0.0.1', client.serverPort))
  })

  it('answers each request once, however often it comes, until the client is heard', async () => {
    await server.publish('Image', files.path('Image'), t)
    using client = await openClient(server.address.port)
    const request = requestPacket({ port: 0, name: 'Image' })
    for (let echo = 0; echo < 3; echo++) client.send(request)
    assert.equal((await client.receive(t)).type, 'data')
    client.send({ type: 'ack', block: 1 })
    const next = await client.receive(t)
    assert.ok(next.type === 'data' && next.block === 2)
    client.send({ type: 'error', code: 0, message: '' })
  })

  it('tells a stranger that it is wrong, and goes on with its client', async () => {
    await server.publish('exact', files.path('exact'), t)
    using client = await openClient(server.address.port)
    client.send(requestPacket({ port: 0, name: 'exact' }))
    await client.receive(t)
    using stranger = await openClient(client.serverPort)
    stranger.send({ type: 'ack', block: 1 })
    assert.deepEqual(await stranger.receive(t), { type: 'error', code: 5, message: 'unknown transfer ID' })
    client.send({ type: 'ack', block: 1 })
    const second = await client.receive(t)
    assert.ok(second.type === 'data' && second.block === 2)
    client.send({ type: 'error', code: 0, message: '' })
  })

  it('ignores what is no request, and stays there', async () => {
    await server.publish('exact', files.path('exact'), t)
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('GET / HTTP/1.1'),
      noise(1000),
      Buffer.from([0, 4, 0, 0]),
    ]) {
      await sendRaw(server.address.port, bytes)
    }
    await sendRaw(server.address.port, encodePacket({ type: 'error', code: 0, message: '' }))
    assert.equal((await fetch('exact')).content.length, 1024)
  })

  describe('with a file that changes', () => {
    const refused = async (name: string, message: RegExp) => {
      await assert.rejects(fetch(name), { code: 0, message: 'the file changed since it was published' })
      const event = events.at(-1)
      assert.ok(event?.type === 'request-refused' && event.why === 'file-changed')
      assert.match(event.message, message)
    }

    it('serves it no more after a write, and again when it is published again', async () => {
      await server.publish('kernel', files.path('Image'), t)
      await appendFile(files.path('Image'), 'more')
      await refused('kernel', /its size went from 300000 to 300004 bytes/)
      await server.publish('kernel', files.path('Image'), t)
      assert.equal((await fetch('kernel')).content.length, 300_004)
    })

    it('serves it no more when another file of that size takes its place', async () => {
      await server.publish('kernel', files.path('Image'), t)
      await writeFile(files.path('new'), other)
      await rename(files.path('new'), files.path('Image'))
      await refused('kernel', /another file took its place/)
    })

    it('sees a write that leaves size and time stamp as they are, right after publishing', async () => {
      const stamp = new Date()
      await utimes(files.path('Image'), stamp, stamp)
      await server.publish('kernel', files.path('Image'), t)
      await writeFile(files.path('Image'), other)
      await utimes(files.path('Image'), stamp, stamp)
      await refused('kernel', /after it was published/)
    })

    it('serves it no more when it is gone', async () => {
      await server.publish('kernel', files.path('Image'), t)
      await rename(files.path('Image'), files.path('elsewhere'))
      await assert.rejects(fetch('kernel'), { code: 0, message: 'the file cannot be read' })
    })

    it('breaks off a fetch before a changed byte is sent', async () => {
      await server.publish('kernel', files.path('Image'), t)
      using client = await openClient(server.address.port)
      client.send(requestPacket({ port: 0, name: 'kernel', options: { blksize: 1000 } }))
      await client.receive(t)
      client.send({ type: 'ack', block: 0 })
      await client.receive(t)
      await writeFile(files.path('Image'), other)
      const ended = nextEvent()
      client.send({ type: 'ack', block: 1 })
      for (;;) {
        const packet = await client.receive(t)
        if (packet.type === 'error') break
        assert.ok(packet.type === 'data')
        const offset = (packet.block - 1) * 1000
        assert.ok(image.subarray(offset, offset + 1000).equals(packet.payload))
        client.send({ type: 'ack', block: packet.block })
      }
      const event = await ended
      assert.ok(event.type === 'fetch-ended')
      assert.equal(event.end, 'failed')
      assert.match(event.reason ?? '', /Image is not served any more: it was written to/)
    })

    it('goes on with the old content for who began before it was published anew', async () => {
      await server.publish('kernel', files.path('Image'), t)
      using client = await openClient(server.address.port)
      client.send(requestPacket({ port: 0, name: 'kernel' }))
      await client.receive(t)
      await server.publish('kernel', files.path('exact'), t)
      client.send({ type: 'ack', block: 1 })
      const packet = await client.receive(t)
      assert.ok(packet.type === 'data' && image.subarray(512, 1024).equals(packet.payload))
      assert.equal((await fetch('kernel')).content.length, 1024)
      client.send({ type: 'error', code: 0, message: '' })
    })
  })

  it('gives up on a client that is not heard any more, in a time of its own', async () => {
    const timing = { ...defaultTiming, initialMs: 10, shortestMs: 10, giveUpMs: 100 }
    const short = await startTftpServer({
      host: '127.0.0.1',
      port: 0,
      timing,
      onEvent: (event) => heard(event),
    })
    try {
      await short.publish('Image', files.path('Image'), t)
      const ended = nextEvent()
      using client = await openClient(short.address.port)
      client.send(requestPacket({ port: 0, name: 'Image', options: { timeout: 5 } }))
      const event = await ended
      assert.ok(event.type === 'fetch-ended')
      assert.equal(event.end, 'timed-out')
      assert.match(event.reason ?? '', /nothing new was heard of the client for 0\.1 s/)
    } finally {
      await short.close()
    }
  })

  it('notices with the next packet that the port of a client is closed', async () => {
    await server.publish('Image', files.path('Image'), t)
    const client = await openClient(server.address.port)
    client.send(requestPacket({ port: 0, name: 'Image' }))
    await client.receive(t)
    const ended = nextEvent()
    client.socket.close()
    await once(client.socket, 'close')
    const event = await ended
    assert.ok(event.type === 'fetch-ended')
    assert.deepEqual([event.end, event.reason], ['aborted', 'the client closed its port'])
  })

  describe('of a client whose last acknowledgement is missing', () => {
    /** @param blocks how many of its two the client acknowledges */
    const fetchPartly = async (blocks: number) => {
      await server.publish('exact', files.path('exact'), t)
      const client = await openClient(server.address.port)
      client.send(requestPacket({ port: 0, name: 'exact', options: { blksize: 1000 } }))
      for (let block = 0; block <= blocks; block++) {
        await client.receive(t)
        client.send({ type: 'ack', block })
      }
      // The next block is there, and with it the acknowledgement of the one before was.
      await client.receive(t)
      return client
    }

    it('says so when it hears that the client has gone on', async () => {
      using _ = await fetchPartly(1)
      assert.deepEqual(server.fetches('exact'), [])
      await server.conclude(['exact'])
      const [fetched] = server.fetches('exact')
      assert.equal(fetched?.end, 'unconfirmed')
      assert.deepEqual([fetched.sentBytes, fetched.acknowledgedBytes], [1024, 1000])
    })

    it('says so when the port of the client is closed', async () => {
      const client = await fetchPartly(1)
      const ended = nextEvent()
      await closeSocket(client.socket)
      const event = await ended
      assert.ok(event.type === 'fetch-ended')
      assert.equal(event.end, 'unconfirmed')
    })

    it('goes on with one that lacks more than that', async () => {
      using _ = await fetchPartly(0)
      await server.conclude(['exact'])
      assert.deepEqual(server.fetches('exact'), [])
    })
  })

  it('tells its clients when it stops, and leaves nothing open', async () => {
    await server.publish('Image', files.path('Image'), t)
    using client = await openClient(server.address.port)
    client.send(requestPacket({ port: 0, name: 'Image' }))
    await client.receive(t)
    await server.close()
    assert.deepEqual(await client.receive(t), { type: 'error', code: 0, message: 'the server stops' })
    const event = events.at(-1)
    assert.ok(event?.type === 'fetch-ended' && event.end === 'stopped')
    await closeSocket(await openUdpSocket('127.0.0.1', server.address.port))
    await server.close()
  })

  it('says what to publish when a file is not there', async () => {
    await assert.rejects(server.publish('kernel', files.path('missing'), t), {
      code: 'files.unreadable',
      blame: 'environment',
      message: /missing can't be served as "kernel": no such file or directory$/,
    })
  })

  it('says who has the port when it is taken', async () => {
    await assert.rejects(startTftpServer({ host: '127.0.0.1', port: server.address.port }), {
      code: 'tftp.port-in-use',
      blame: 'environment',
    })
    await assert.rejects(startTftpServer({ host: '192.0.2.1', port: 0 }), {
      code: 'tftp.no-such-address',
      blame: 'environment',
    })
  })
})

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import {
  encodeData,
  encodeNegotiation,
  encodeSubnegotiation,
  TelnetDecoder,
  type Verb,
} from '../../../src/transports/telnet/codec.ts'
import { TelnetLine } from '../../../src/transports/telnet/telnet-line.ts'
import { TelnetOptions, type TelnetPolicy } from '../../../src/transports/telnet/options.ts'

interface Decoded {
  readonly data: number[]
  readonly events: string[]
}

/** Decodes a stream that arrives in pieces. */
function decode(pieces: readonly Uint8Array[], isBinary = true): Decoded {
  const data: number[] = []
  const events: string[] = []
  const decoder = new TelnetDecoder({
    data: (bytes) => data.push(...bytes),
    negotiation: (verb, option) => events.push(`${data.length}: ${verb} ${option}`),
    subnegotiation: (option, payload) => events.push(`${data.length}: ${option} ${[...payload].join(',')}`),
    break: () => events.push(`${data.length}: break`),
  })
  decoder.isBinary = isBinary
  for (const piece of pieces) decoder.push(piece)
  return { data, events }
}

const bytes = fc.uint8Array({ maxLength: 60 })

describe('A telnet stream', () => {
  const stream = Uint8Array.of(
    ...[0x41, 255, 255, 0x42],
    ...encodeNegotiation('will', 44),
    ...[0x43],
    ...encodeSubnegotiation(44, Uint8Array.of(101, 0, 255, 240, 0)),
    ...[255, 243, 255, 241, 255, 255],
    ...encodeNegotiation('dont', 255),
    ...[0x44],
  )
  const parts = {
    data: [0x41, 255, 0x42, 0x43, 255, 0x44],
    events: ['3: will 44', '4: 44 101,0,255,240,0', '4: break', '5: dont 255'],
  }

  it('is taken apart in order, wherever it is cut', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      assert.deepEqual(decode([stream.subarray(0, cut), stream.subarray(cut)]), parts, `cut at ${cut}`)
    }
    assert.deepEqual(decode([...stream].map((byte) => Uint8Array.of(byte))), parts)
  })

  it('brings every byte to the other end, in both modes of sending it', () => {
    const binary = fc.property(fc.array(bytes, { maxLength: 5 }), (writes) => {
      const sent = writes.map((each) => encodeData(each, true))
      assert.deepEqual(
        decode(sent).data,
        writes.flatMap((each) => [...each]),
      )
    })
    fc.assert(binary)
    const terminal = fc.property(bytes, (each) => {
      // A NUL after a CR is lost, which is why binary is asked for.
      const without = each.filter((byte) => byte !== 0)
      assert.deepEqual(decode([encodeData(without, false)], false).data, [...without])
    })
    fc.assert(terminal)
  })

  it('ends a CR that ends no line with a NUL where bytes are not sent as they are', () => {
    assert.deepEqual([...encodeData(Buffer.from('a\rb\r\n\r'), false)], [...Buffer.from('a\r\0b\r\n\r\0')])
    assert.deepEqual(decode([Buffer.from('a\r'), Buffer.from('\0b\r\n')], false).data, [
      ...Buffer.from('a\rb\r\n'),
    ])
  })

  it('takes bounded memory, whatever comes', () => {
    const endless = Uint8Array.of(255, 250, 44, ...new Uint8Array(100_000).fill(7), 255, 240)
    const { events } = decode([endless])
    assert.equal(events.length, 1)
    assert.ok((events[0]?.length ?? 0) < 3000)
  })

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.array(bytes), (pieces) => void decode(pieces)))
  })
})

describe('Telnet options', () => {
  const policy: TelnetPolicy = { own: [44, 0, 3], theirs: [0, 3], alsoTheirs: [1] }

  /** Two ends that talk until nobody has anything to say. @returns how much was said */
  function talk(first: TelnetPolicy, second: TelnetPolicy, asks: readonly boolean[] = [true, true]) {
    const queues: Uint8Array[][] = [[], []]
    const ends = [first, second].map(
      (each, index) => new TelnetOptions(each, (message) => queues[index]?.push(message)),
    )
    ends.forEach((end, index) => asks[index] === true && end.ask())
    let said = 0
    const verbs: Readonly<Record<number, Verb>> = { 251: 'will', 252: 'wont', 253: 'do', 254: 'dont' }
    for (const [from, to] of Array.from({ length: 40 }, (_, round) => [round % 2, (round + 1) % 2])) {
      for (const [, verb = 0, option = 0] of queues[from ?? 0]?.splice(0) ?? []) {
        said++
        ends[to ?? 0]?.receive(verbs[verb] ?? 'wont', option)
      }
    }
    assert.deepEqual(queues, [[], []], 'they go on talking')
    return { said, ends }
  }

  it('are agreed on by two ends that both ask', () => {
    const server: TelnetPolicy = { own: [0, 3, 1], theirs: [0, 3, 44], alsoTheirs: [] }
    const { ends } = talk(policy, server)
    assert.deepEqual(
      [0, 3, 44].map((option) => ends[0]?.isOwn(option)),
      [true, true, true],
    )
    assert.deepEqual(
      [0, 1, 3].map((option) => ends[0]?.isTheirs(option)),
      [true, true, true],
    )
  })

  it('are known to be refused', () => {
    const { ends } = talk(policy, { own: [], theirs: [], alsoTheirs: [] })
    assert.equal(ends[0]?.isRefused(44), true)
    assert.equal(ends[0].isOwn(44), false)
  })

  it('that nobody wants here are refused once for each time they are offered', () => {
    const said: number[][] = []
    const options = new TelnetOptions(policy, (message) => said.push([...message]))
    options.receive('do', 24)
    options.receive('will', 24)
    options.receive('wont', 24)
    options.receive('dont', 24)
    assert.deepEqual(said, [
      [255, 252, 24],
      [255, 254, 24],
    ])
  })

  it('never make two ends talk in circles', () => {
    const option = fc.uniqueArray(fc.constantFrom(0, 1, 3, 44), { maxLength: 4 })
    const anyPolicy = fc.record({ own: option, theirs: option, alsoTheirs: option })
    const circles = fc.property(anyPolicy, anyPolicy, fc.boolean(), (one, other, both) => {
      const { said } = talk(one, other, [true, both])
      assert.ok(said <= 32, `${said} messages`)
    })
    fc.assert(circles)
  })
})

describe('A line by telnet', () => {
  it('is released once where nobody wants it any more before it is set up', async () => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as { port: number }).port, '127.0.0.1')
    await once(socket, 'connect')
    const line = new TelnetLine(socket, 'telnet://here', { data: () => undefined, lost: assert.fail })
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.prependListener('unhandledRejection', note)
    try {
      const limits = { limitMs: 5000, silence: assert.fail, signal: AbortSignal.abort(new Error('stopped')) }
      await assert.rejects(
        line.setUp(() => assert.fail('begun'), limits),
        { message: 'stopped' },
      )
      server.close()
      await once(server, 'close')
      assert.deepEqual(unhandled, [])
    } finally {
      process.off('unhandledRejection', note)
    }
  })
})

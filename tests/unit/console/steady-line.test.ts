import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { OpenTransport, Transport, TransportReader } from '../../../src/board/transport.ts'
import { SteadyLine, type SteadyLineOptions } from '../../../src/console/steady-line.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import { openTcp } from '../../../src/transports/socket.ts'
import { RecordingReader } from '../../support/recording-reader.ts'

/** A line whose going and coming is in the hands of a test. */
class Cable {
  /** Why it can't be opened; absent where it can. */
  trouble: HilError | undefined
  opened = 0
  readonly sent: string[] = []
  #reader: TransportReader | undefined
  #onOpen: () => void = () => undefined

  readonly open: OpenTransport = (reader) => {
    if (this.trouble !== undefined) return Promise.reject(this.trouble)
    this.opened++
    this.#reader = reader
    this.#onOpen()
    const transport: Transport = {
      description: `cable ${this.opened}`,
      write: (bytes) => {
        this.sent.push(Buffer.from(bytes).toString())
        return Promise.resolve()
      },
      close: () => {
        this.#reader?.closed(undefined)
        this.#reader = undefined
        return Promise.resolve()
      },
    }
    return Promise.resolve(transport)
  }

  say(text: string): void {
    this.#reader?.data(Buffer.from(text))
  }

  pull(trouble?: HilError): void {
    this.trouble = trouble
    const reader = this.#reader
    this.#reader = undefined
    reader?.closed(pulled)
  }

  /** Resolves when it is opened the next time. */
  reopened(): Promise<void> {
    return new Promise((resolve) => (this.#onOpen = resolve))
  }
}

const pulled = new HilError('transport.unplugged', 'the cable was pulled', { blame: 'infrastructure' })
const missing = new HilError('transport.no-port', 'there is no cable', { blame: 'environment' })

describe('A line that may be away for a while', () => {
  let t: Deadline
  let cable: Cable
  let reader: RecordingReader
  let told: string[]

  beforeEach(() => {
    t = startDeadline(10_000, 'test')
    cable = new Cable()
    reader = new RecordingReader()
    told = []
  })

  afterEach(() => {
    t[Symbol.dispose]()
    assert.ok(reader.closedCalls <= 1, 'closed was called once')
    assert.equal(reader.dataAfterClose, 0)
  })

  function makeLine(options: Partial<SteadyLineOptions> = {}): SteadyLine {
    return new SteadyLine({
      name: 'rock3a',
      open: cable.open,
      patienceMs: 5000,
      followsPower: false,
      onAbsent: ({ message }) => told.push(`absent: ${message}`),
      onLost: ({ message }, isExpected) => told.push(`${isExpected ? 'went' : 'lost'}: ${message}`),
      onBack: () => told.push('back'),
      ...options,
    })
  }

  /** It is tried again after longer than a limit of a millisecond: had there been one, it would be given up by then. */
  async function untilBack(): Promise<void> {
    const back = cable.reopened()
    cable.trouble = undefined
    const end = reader.waitForClose(t).then((error) => assert.fail(`it was given up: ${error?.message}`))
    await t.race(Promise.race([back, end]))
  }

  it('is one line for its reader, before and after', async () => {
    const transport = await makeLine().open(reader)
    cable.say('before ')
    const back = cable.reopened()
    cable.pull()
    await t.race(back)
    cable.say('after')
    await transport.write(Buffer.from('x'))
    assert.equal(reader.text(), 'before after')
    assert.deepEqual(cable.sent, ['x'])
    assert.deepEqual(told, ['lost: the cable was pulled', 'back'])
    assert.equal(transport.description, 'cable 2')
    await transport.close()
    assert.equal(await reader.waitForClose(t), undefined)
  })

  it('keeps what is sent while it is away until it is back, in order', async () => {
    const transport = await makeLine().open(reader)
    cable.say('.')
    cable.pull(missing)
    const writes = ['a', 'b', 'c'].map((text) => transport.write(Buffer.from(text)))
    const back = cable.reopened()
    cable.trouble = undefined
    await t.race(back)
    await Promise.all(writes)
    assert.deepEqual(cable.sent, ['a', 'b', 'c'])
    await transport.close()
  })

  it('is away again when it goes in the very moment in which it is back', async () => {
    for (let turns = 0; turns < 8; turns++) {
      const line = makeLine({
        open: async (...args) => {
          const transport = await cable.open(...args)
          if (cable.opened === 2) void goAfter(turns)
          return transport
        },
      })
      const transport = await line.open(reader)
      cable.say('.')
      const back = cable.reopened()
      cable.pull()
      await t.race(back)
      await new Promise(setImmediate)
      let isThere = false
      const there = line.untilThere().then(() => (isThere = true))
      await new Promise(setImmediate)
      assert.equal(isThere, false, `after ${turns} turns`)
      cable.trouble = undefined
      await t.race(there)
      await transport.close()
      cable = new Cable()
      reader = new RecordingReader()
    }

    async function goAfter(turns: number) {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      cable.say('.')
      cable.pull(missing)
    }
  })

  it('is given up when it stays away, with the last reason', async () => {
    const transport = await makeLine({ patienceMs: 100 }).open(reader)
    cable.say('.')
    cable.pull(missing)
    const writing = transport.write(Buffer.from('never')).catch((error: unknown) => error)
    const end = await reader.waitForClose(t)
    assert.ok(end instanceof HilError)
    assert.equal(end.code, 'console.lost')
    assert.equal(end.blame, 'infrastructure')
    assert.equal(
      end.message,
      'the console of rock3a was away for longer than 100 ms: the cable was pulled; last it was tried in vain: there is no cable',
    )
    assert.equal(await t.race(writing), end)
    await assert.rejects(transport.write(Buffer.from('x')), end)
    await transport.close()
  })

  it('is not opened again where that was forbidden, or where it was never any good', async () => {
    for (const patienceMs of [0, 5000]) {
      reader = new RecordingReader()
      await makeLine({ patienceMs }).open(reader)
      if (patienceMs === 0) cable.say('it was good')
      cable.pull()
      assert.equal(await reader.waitForClose(t), pulled)
    }
    assert.deepEqual(told, [])
  })

  it('can be closed while it is away', async () => {
    const transport = await makeLine().open(reader)
    cable.say('.')
    cable.pull(missing)
    await t.race(transport.close())
    assert.equal(await reader.waitForClose(t), undefined)
    await assert.rejects(transport.write(Buffer.from('x')), { code: 'console.closed' })
  })

  it('fails at once where it can not be opened, unless the system tells when it can', async () => {
    const refused = new HilError('transport.not-connected', 'nobody listens', { blame: 'infrastructure' })
    cable.trouble = refused
    await assert.rejects(makeLine().open(reader), refused)
    cable.trouble = missing
    const open: OpenTransport = (own, opening) => {
      if (opening?.wait === true) cable.trouble = undefined
      return cable.open(own, opening)
    }
    const transport = await makeLine({ open }).open(reader)
    assert.deepEqual(told, ['absent: there is no cable'])
    await transport.close()
  })

  describe('because it has power only when the board has', () => {
    const followsPower = true

    it('need not be there at first, and drops what is sent meanwhile', async () => {
      cable.trouble = missing
      const line = makeLine({ followsPower })
      const transport = await line.open(reader)
      await transport.write(Buffer.from('to a board without power'))
      const back = cable.reopened()
      line.powering()
      const writing = transport.write(Buffer.from('to one with power'))
      cable.trouble = undefined
      await t.race(back)
      await writing
      assert.deepEqual(cable.sent, ['to one with power'])
      assert.deepEqual(told, ['back'])
      await transport.close()
    })

    it('is waited for from the moment the board has power', async () => {
      cable.trouble = missing
      const line = makeLine({ followsPower, patienceMs: 100 })
      const transport = await line.open(reader)
      await assert.rejects(t.race(Promise.race([reader.waitForClose(t), afterwards(200)])), /nothing came/)
      line.powering()
      assert.equal(((await reader.waitForClose(t)) as HilError).code, 'console.lost')
      await transport.close()
    })

    it('may go before the power is told to be off, and is not told to be back then', async () => {
      const line = makeLine({ followsPower, patienceMs: 5000 })
      const transport = await line.open(reader)
      line.powering()
      line.unpowering()
      cable.pull(missing)
      line.unpowered()
      const back = cable.reopened()
      cable.trouble = undefined
      line.powering()
      await t.race(back)
      await transport.write(Buffer.from('it is back'))
      const again = cable.reopened()
      cable.pull()
      await t.race(again)
      assert.deepEqual(told.slice(0, 2), ['went: the cable was pulled', 'lost: the cable was pulled'])
      await transport.close()
    })

    it('is missed where the power could not be switched off', async () => {
      const line = makeLine({ followsPower })
      const transport = await line.open(reader)
      line.powering()
      line.unpowering()
      line.stillPowered()
      const back = cable.reopened()
      cable.pull()
      await t.race(back)
      assert.equal(told[0], 'lost: the cable was pulled')
      await transport.close()
    })

    it('is waited for without a limit while power is taken, and drops what is sent', async () => {
      const line = makeLine({ followsPower, patienceMs: 1 })
      const transport = await line.open(reader)
      line.powering()
      cable.pull(missing)
      line.unpowering()
      await t.race(transport.write(Buffer.from('to a board that loses power')))
      await untilBack()
      assert.deepEqual(cable.sent, [])
      await transport.close()
    })

    describe('and that was switched by nobody, for the board was found running', () => {
      it('is missed, waited for without a limit, and drops what is sent meanwhile', async () => {
        const transport = await makeLine({ followsPower, patienceMs: 1 }).open(reader)
        cable.pull(missing)
        await t.race(transport.write(Buffer.from('lost')))
        await untilBack()
        await transport.write(Buffer.from('it is back'))
        assert.deepEqual(cable.sent, ['it is back'])
        assert.deepEqual(told, ['lost: the cable was pulled', 'back'])
        await transport.close()
      })

      it('may go when power is taken', async () => {
        const line = makeLine({ followsPower })
        const transport = await line.open(reader)
        line.unpowering()
        cable.pull(missing)
        assert.deepEqual(told, ['went: the cable was pulled'])
        await transport.close()
      })

      it('is missed again, and waited for, where power could not be taken', async () => {
        const line = makeLine({ followsPower, patienceMs: 1 })
        const transport = await line.open(reader)
        line.unpowering()
        line.stillPowered()
        cable.pull(missing)
        assert.deepEqual(told, ['lost: the cable was pulled'])
        await untilBack()
        await transport.close()
      })
    })

    it('may go with the power as often as it likes', async () => {
      const line = makeLine({ followsPower, patienceMs: 100 })
      const transport = await line.open(reader)
      for (let round = 1; round <= 3; round++) {
        line.unpowered()
        cable.pull(missing)
        await assert.rejects(t.race(Promise.race([reader.waitForClose(t), afterwards(150)])), /nothing came/)
        const back = cable.reopened()
        cable.trouble = undefined
        line.powering()
        await t.race(back)
        cable.say(`${round}`)
      }
      assert.equal(reader.text(), '123')
      await transport.close()
    })
  })

  it('goes on over a server that was started again', async () => {
    const sockets: Socket[] = []
    const serve = async (port: number): Promise<Server> => {
      const server = createServer((socket) => {
        sockets.push(socket)
        socket.on('error', () => undefined)
        socket.write(`connection ${sockets.length}`)
      }).listen(port, '127.0.0.1')
      await once(server, 'listening')
      return server
    }
    const first = await serve(0)
    const { port } = first.address() as { port: number }
    const open = openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 1000 })
    const transport = await makeLine({ open }).open(reader)
    await reader.waitFor(/connection 1/, t)
    first.close()
    sockets[0]?.destroy()
    await once(first, 'close')
    const second = await serve(port)
    await reader.waitFor(/connection 2/, t)
    assert.deepEqual(
      told.map((each) => each.replace(/: .*/, '')),
      ['lost', 'back'],
    )
    await transport.close()
    second.close()
  })
})

/** That something does not happen shows only by waiting. */
function afterwards(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error('nothing came'))
    }, ms)
  })
}

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { HilError } from '../../../src/core/errors.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import { openRfc2217, type Rfc2217Options } from '../../../src/transports/rfc2217.ts'
import { decodeComPort, encodeComPort, isAnswerTo } from '../../../src/transports/rfc2217/com-port.ts'
import { encodeNegotiation, encodeSubnegotiation } from '../../../src/transports/telnet/codec.ts'
import { portSettings, startPty } from '../../contract/transport-cases.ts'
import { pyserial, startPyserialServer } from '../../support/pyserial-server.ts'
import { RecordingReader } from '../../support/recording-reader.ts'
import { itWith } from '../../support/requirements.ts'
import { startSer2net } from '../../support/ser2net.ts'

describe('RFC 2217', () => {
  let t: Deadline
  let undo: UndoStack

  beforeEach(() => {
    t = startDeadline(15_000, 'test')
    undo = new UndoStack()
  })

  afterEach(async () => {
    assert.deepEqual(await undo.run(), [])
    t[Symbol.dispose]()
  })

  const options = (port: number, more: Partial<Rfc2217Options> = {}): Rfc2217Options => ({
    ...{ host: '127.0.0.1', port, connectTimeoutMs: 5000, purge: false },
    ...portSettings,
    ...more,
  })

  async function open(port: number, more: Partial<Rfc2217Options> = {}, reader = new RecordingReader()) {
    const transport = await openRfc2217(options(port, more))(reader)
    undo.defer('the transport', () => transport.close())
    return transport
  }

  describe('in bytes', () => {
    it('asks as the document says', () => {
      assert.deepEqual([...encodeComPort({ command: 'baud-rate', value: 115_200 })], [1, 0, 1, 0xc2, 0])
      assert.deepEqual([...encodeComPort({ command: 'control', value: 5 })], [5, 5])
      assert.deepEqual([...encodeComPort({ command: 'resume', value: 0 })], [9])
    })

    it('reads answers, also of a server that sends too many bytes, and leaves out what is none', () => {
      const decode = (...payload: number[]) => decodeComPort(Uint8Array.from(payload))
      assert.deepEqual(decode(101, 0, 0x16, 0xe3, 0x60), { command: 'baud-rate', value: 1_500_000 })
      assert.deepEqual(decode(101, 0, 1, 0xc2, 0, 0, 0, 0, 0), { command: 'baud-rate', value: 115_200 })
      assert.deepEqual(decode(108), { command: 'suspend', value: 0 })
      for (const payload of [[], [101], [101, 0, 1], [102], [107, 0], [1, 0, 1, 0xc2, 0], [200, 1]]) {
        assert.equal(decode(...payload), undefined, payload.join(' '))
      }
    })

    it('tells apart what an answer to "control" is about', () => {
      const topics = [
        [0, 1, 2, 3, 17, 19],
        [4, 5, 6],
        [7, 8, 9],
        [10, 11, 12],
        [13, 14, 15, 16, 18],
      ]
      for (const [index, topic] of topics.entries()) {
        for (const [other, values] of topics.entries()) {
          for (const value of values) {
            const asked = { command: 'control', value: topic[0] ?? 0 } as const
            assert.equal(
              isAnswerTo(asked, { command: 'control', value }),
              index === other,
              `${asked.value} ${value}`,
            )
          }
        }
      }
    })
  })

  describe('with ser2net', () => {
    async function serve() {
      const directory = await mkdtemp(join(tmpdir(), 'hil-rfc2217-'))
      undo.defer('directory', () => rm(directory, { recursive: true }))
      const pty = await startPty('PTY,rawer', directory, t)
      undo.defer('pty', () => pty.stop())
      const connector = `serialdev,${pty.path},9600n81,local`
      const server = await startSer2net('telnet(rfc2217)', connector, directory, t)
      undo.defer('ser2net', () => server.stop())
      const stty = () => execFileSync('stty', ['-F', pty.path, '-a'], { encoding: 'utf8' })
      return { port: server.port, server, stty }
    }

    itWith(['ser2net', 'socat'], 'sets up the port, as the kernel then tells', async () => {
      const { port, stty } = await serve()
      const transport = await open(port, { baudRate: 1_500_000, stopBits: 2, flowControl: 'rts-cts' })
      assert.equal(transport.description, `rfc2217://127.0.0.1:${port} at 1500000 baud`)
      // A pty has eight bits without parity, whatever it is told.
      assert.match(stty(), /speed 1500000 baud[^]{1,500} cstopb [^]{1,50} crtscts/)
    })

    itWith(['ser2net', 'socat'], 'notices that it hangs, and not before', async () => {
      const { port, server } = await serve()
      const reader = new RecordingReader()
      await open(port, { lifeSignMs: 200 }, reader)
      await wait(1000)
      assert.equal(reader.closedCalls, 0)
      server.hang()
      assert.match((await reader.waitForClose(t))?.message ?? '', /its server has not answered for 400 ms$/)
    })

    itWith(['ser2net', 'socat'], 'says which modem line a port does not have', async () => {
      const { port } = await serve()
      await assert.rejects(open(port, { dtr: false, connectTimeoutMs: 500 }), {
        code: 'transport.setting-refused',
        blame: 'environment',
        message: `rfc2217://127.0.0.1:${port} was asked for DTR off, which its server did not confirm within 500 ms`,
      })
    })
  })

  describe('with pyserial', () => {
    itWith([pyserial], 'sets every setting, and moves the lines of a modem', async () => {
      const server = await startPyserialServer(t)
      undo.defer('server', () => server.stop())
      const transport = await open(server.port, {
        ...{ baudRate: 921_600, dataBits: 7, parity: 'odd', stopBits: 2, flowControl: 'xon-xoff' },
        ...{ dtr: false, rts: true, purge: true },
      })
      for (const words of [
        /set baud rate: 921600/,
        /set data size: 7/,
        /set parity: O/,
        /set stop bits: 2/,
        /changed flow control to XON\/XOFF/,
        /changed DTR to inactive/,
        /changed RTS to active/,
        /purge both/,
      ]) {
        await server.told(words, t)
      }
      await transport.sendBreak?.(20)
      await server.told(/changed BREAK to active\n(?:.*\n){0,5}changed BREAK to inactive/, t)
    })

    itWith([pyserial], 'brings every byte there and back', async () => {
      const server = await startPyserialServer(t)
      undo.defer('server', () => server.stop())
      const reader = new RecordingReader()
      const transport = await open(server.port, {}, reader)
      const sent = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 37 + (index >> 8)) & 0xff))
      await transport.write(sent)
      await reader.waitForBytes(sent.length, t)
      assert.deepEqual(reader.bytes(), sent)
    })
  })

  describe('with a server of another kind', () => {
    /** @param talk what it does with a client */
    async function serve(talk: (socket: Socket) => void): Promise<number> {
      const sockets: Socket[] = []
      const server = createServer((socket) => {
        sockets.push(socket)
        socket.on('error', () => undefined)
        talk(socket)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      undo.defer('server', () => {
        for (const socket of sockets) socket.destroy()
        server.close()
      })
      return (server.address() as { port: number }).port
    }

    /** Agrees to all that is needed, and confirms every setting, as `answer` changes it. */
    const agreeable =
      (answer: (payload: number[]) => readonly number[] | undefined, also?: (socket: Socket) => void) =>
      (socket: Socket) => {
        for (const option of [0, 3, 44]) socket.write(encodeNegotiation('do', option))
        for (const option of [0, 3]) socket.write(encodeNegotiation('will', option))
        const asked = /\xff\xfa\x2c((?:[^\xff]|\xff\xff)+)\xff\xf0/g
        socket.on('data', (bytes) => {
          for (const [, payload = ''] of bytes.toString('latin1').matchAll(asked)) {
            const [command = 0, ...value] = Buffer.from(payload.replaceAll('\xff\xff', '\xff'), 'latin1')
            const answered = answer([command + 100, ...value])
            if (answered !== undefined) socket.write(encodeSubnegotiation(44, Uint8Array.from(answered)))
          }
        })
        also?.(socket)
      }
    const confirm = (payload: number[]) => payload

    it('says that a server only passes bytes on, and what to do', async () => {
      const port = await serve(() => undefined)
      await assert.rejects(open(port, { connectTimeoutMs: 200 }), {
        code: 'transport.no-rfc2217',
        blame: 'environment',
        message: `rfc2217://127.0.0.1:${port} can't be set up: its server did not answer to RFC 2217 within 200 ms; if its server sets the port up itself, use the driver "telnet" or "tcp"`,
      })
    })

    it('is not taken in by a board that echoes what it is sent', async () => {
      const port = await serve((socket) => socket.pipe(socket))
      await assert.rejects(open(port, { connectTimeoutMs: 200 }), { code: 'transport.setting-refused' })
    })

    it('says at once that a server refuses', async () => {
      const port = await serve((socket) => {
        socket.on('data', () => {
          for (const option of [0, 3, 44]) socket.write(encodeNegotiation('dont', option))
        })
      })
      await assert.rejects(open(port), {
        code: 'transport.no-rfc2217',
        message: /its server refuses RFC 2217/,
      })
    })

    it('says that a server hangs up, as ser2net does when the port is in use', async () => {
      const port = await serve((socket) => {
        socket.end('Port already in use\r\n')
      })
      await assert.rejects(open(port), { code: 'transport.hung-up', blame: 'infrastructure' })
    })

    it('says that the port can not do the speed', async () => {
      const port = await serve(
        agreeable((payload) => (payload[0] === 101 ? [101, 0, 0, 0x25, 0x80] : payload)),
      )
      await assert.rejects(open(port), {
        code: 'transport.bad-baud',
        blame: 'environment',
        message: `rfc2217://127.0.0.1:${port} can't do 115200 baud, it took 9600 instead`,
      })
    })

    it('takes the nearest speed of a port for the right one', async () => {
      const port = await serve(agreeable((payload) => (payload[0] === 101 ? [101, 0, 1, 0xc3, 0] : payload)))
      await open(port)
    })

    it('says which setting is not confirmed', async () => {
      const port = await serve(agreeable((payload) => (payload[0] === 103 ? undefined : payload)))
      await assert.rejects(open(port, { connectTimeoutMs: 300 }), {
        code: 'transport.setting-refused',
        message: /was asked for parity none, which its server did not confirm within 300 ms/,
      })
    })

    it('sends nothing while the server has no room, and all in order afterwards', async () => {
      const received = new RecordingReader()
      let client: Socket | undefined
      const port = await serve(
        agreeable(confirm, (socket) => {
          client = socket
          socket.on('data', (bytes) => {
            received.data(bytes)
          })
        }),
      )
      let onData = () => undefined as void
      class Answering extends RecordingReader {
        override data(bytes: Uint8Array): void {
          super.data(bytes)
          onData()
        }
      }
      const reader = new Answering()
      const transport = await open(port, {}, reader)
      // What comes after it shows that it was read.
      client?.write(Buffer.concat([encodeSubnegotiation(44, Uint8Array.of(108)), Buffer.from('stop')]))
      await reader.waitFor(/stop/, t)
      const early = ['a', 'b', 'c'].map((text) => transport.write(Buffer.from(`<${text}>`)))
      await transport.sendBreak?.(1)
      onData = () => void early.push(transport.write(Buffer.from('<d>')))
      client?.write(Buffer.concat([encodeSubnegotiation(44, Uint8Array.of(109)), Buffer.from('go')]))
      await reader.waitFor(/go/, t)
      await Promise.all(early)
      await received.waitFor(/\xff\xfa\x2c\x05\x06\xff\xf0<a><b><c><d>$/, t)
    })

    it('notices that a server is gone without a word, and only then', async () => {
      for (const answersOnce of [false, true]) {
        let marks = 0
        const port = await serve(
          agreeable(confirm, (socket) => {
            socket.on('data', (bytes) => {
              if (!bytes.includes(Buffer.from(encodeNegotiation('do', 6)))) return
              if (answersOnce && ++marks < 3) socket.write(encodeNegotiation('wont', 6))
            })
          }),
        )
        const reader = new RecordingReader()
        const transport = await open(port, { lifeSignMs: 150 }, reader)
        if (answersOnce) {
          const error = await reader.waitForClose(t)
          assert.equal((error as HilError).code, 'transport.hung-up')
          assert.match(error?.message ?? '', /its server has not answered for 300 ms$/)
          assert.equal(marks, 3, 'asked once when it was opened, and answered once when it was silent')
        } else {
          // A server that does not know the question is not held to it.
          await wait(700)
          assert.equal(reader.closedCalls, 0)
        }
        await transport.close()
      }
    })

    it('does not take a server for gone that is busy with what it was sent', async () => {
      let marks = 0
      const port = await serve(
        agreeable(confirm, (socket) => {
          socket.on('data', (bytes) => {
            if (bytes.includes(Buffer.from(encodeNegotiation('do', 6))) && ++marks === 1) {
              socket.write(encodeNegotiation('wont', 6))
            }
          })
        }),
      )
      const reader = new RecordingReader()
      const transport = await open(port, { lifeSignMs: 50 }, reader)
      // At 115200 baud this takes more than a second.
      await transport.write(Buffer.alloc(12_000))
      await wait(600)
      assert.equal(reader.closedCalls, 0)
      assert.equal(marks, 1)
      await transport.close()
    })

    it('gives up a write that the server has no room for when it is closed', async () => {
      const port = await serve(
        agreeable(confirm, (socket) => socket.write(encodeSubnegotiation(44, Uint8Array.of(108)))),
      )
      const transport = await open(port)
      const writing = transport.write(Buffer.from('never')).catch((error: unknown) => error)
      await transport.close()
      await t.race(writing)
    })
  })
})

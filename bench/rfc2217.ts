import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { startDeadline } from '../src/core/deadline.ts'
import { UndoStack } from '../src/core/undo-stack.ts'
import { openRfc2217 } from '../src/transports/rfc2217.ts'
import { portSettings, startPty } from '../tests/contract/transport-cases.ts'
import { pyserial, python } from '../tests/support/pyserial-server.ts'
import { RecordingReader } from '../tests/support/recording-reader.ts'
import { requirement } from '../tests/support/requirements.ts'
import { startSer2net } from '../tests/support/ser2net.ts'
import { interleave, median, type Bench } from './bench.ts'

const rounds = 15
const limitMs = 100

/** Opens and closes a console of ser2net, beside pyserial, which is what labgrid does it with. */
export const rfc2217: Bench = {
  name: 'rfc2217',
  unavailable: () => {
    const lack = ['ser2net', 'socat', pyserial].map(requirement).find(({ available }) => !available)
    return Promise.resolve(lack?.reason)
  },
  async run() {
    using t = startDeadline(120_000, 'bench')
    const undo = new UndoStack()
    try {
      const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
      undo.defer('directory', () => rm(directory, { recursive: true }))
      const pty = await startPty('PTY,rawer', directory, t)
      undo.defer('pty', () => pty.stop())
      const uart = `serialdev,${pty.path},115200n81,local`
      const server = await startSer2net('telnet(rfc2217)', uart, directory, t)
      undo.defer('ser2net', () => server.stop())
      const { port } = server
      const rival = new Pyserial(port)
      undo.defer('pyserial', () => rival.stop())
      const contestants = { ours: () => openAndClose(port), theirs: () => rival.openAndClose() }
      await interleave(1, contestants)
      const times = await interleave(rounds, contestants)
      const [ours, theirs] = [median(times['ours'] ?? []), median(times['theirs'] ?? [])]
      return [
        {
          what: 'a console of ser2net opened, set up and closed by RFC 2217',
          measured: `${ours.toFixed(1)} ms`,
          peer: `pyserial ${theirs.toFixed(1)} ms`,
          target: `under ${limitMs} ms`,
          met: ours < limitMs,
        },
      ]
    } finally {
      await undo.run()
    }
  },
}

async function openAndClose(port: number): Promise<void> {
  const server = { host: '127.0.0.1', port, connectTimeoutMs: 5000 }
  const transport = await openRfc2217({ ...server, ...portSettings, purge: false })(new RecordingReader())
  await transport.close()
}

/**
 * pyserial in a process that runs already. Its answers to modem lines are not waited for: a pty has none, and
 * ser2net then does not answer.
 */
class Pyserial {
  readonly #process
  readonly #lines

  constructor(port: number) {
    const url = `rfc2217://127.0.0.1:${port}?ign_set_control`
    this.#process = execa(python, ['-u', '-c', program, url], { buffer: false, reject: false })
    this.#lines = this.#process.iterable()[Symbol.asyncIterator]()
  }

  async openAndClose(): Promise<void> {
    this.#process.stdin.write('go\n')
    const { done } = await this.#lines.next()
    if (done === true) throw new Error('pyserial has ended')
  }

  async stop(): Promise<void> {
    this.#process.kill()
    await this.#process
  }
}

const program = `
import serial, sys
for line in sys.stdin:
    serial.serial_for_url(sys.argv[1], baudrate=115200).close()
    print("done")
`

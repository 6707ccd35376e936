import assert from 'node:assert/strict'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Transport } from '../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import { openSerial, type SerialOptions } from '../../../src/transports/serial.ts'
import { portSettings, startPty, type Pty } from '../../contract/transport-cases.ts'
import { RecordingReader } from '../../support/recording-reader.ts'
import { describeWith } from '../../support/requirements.ts'

const run = promisify(execFile)

describeWith(['socat'], 'A serial port', () => {
  let t: Deadline
  let undo: UndoStack
  let directory: string
  let reader: RecordingReader

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    undo = new UndoStack()
    undo.defer('the deadline', () => t[Symbol.dispose]())
    directory = await mkdtemp(join(tmpdir(), 'hil-serial-'))
    undo.defer('the directory', () => rm(directory, { recursive: true }))
    reader = new RecordingReader()
  })

  afterEach(async () => {
    assert.deepEqual(await undo.run(), [])
  })

  async function plugIn(farAddress = 'PTY,rawer'): Promise<Pty> {
    const pty = await startPty(farAddress, directory, t)
    undo.defer('the pty', () => pty.stop())
    return pty
  }

  async function open(path: string, options: Partial<SerialOptions> = {}): Promise<Transport> {
    const transport = await openSerial({ ...portSettings, ...options, path })(reader)
    undo.defer('the transport', () => transport.close())
    return transport
  }

  it('takes any baud rate, and says it', async () => {
    for (const baudRate of [300, 115_200, 1_500_000, 1_234_567]) {
      const pty = await plugIn()
      const transport = await open(pty.path, { baudRate })
      assert.equal(transport.description, `${pty.path} at ${baudRate} baud`)
      await transport.close()
      await pty.stop()
    }
  })

  it('that does not exist is named, with what is plugged in', async () => {
    await assert.rejects(open('/dev/ttyUSB99'), {
      code: 'transport.no-port',
      blame: 'environment',
      message: /\/dev\/ttyUSB99 does not exist; (no serial port is plugged in|plugged in: )/,
    })
  })

  it('that is none is refused', async () => {
    await assert.rejects(open('/dev/null'), {
      code: 'transport.port-refused',
      blame: 'environment',
      message: '/dev/null is no serial port',
    })
  })

  it('that another program uses is left alone, and the program is named', async () => {
    const { path } = await plugIn()
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY)
    const other: ChildProcess = spawn('sleep', ['61'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    await once(other, 'spawn')
    closeSync(fd)
    undo.defer('the other program', async () => {
      other.kill()
      await once(other, 'exit')
    })
    await assert.rejects(open(path), {
      code: 'transport.port-in-use',
      blame: 'infrastructure',
      message: new RegExp(`in use by process ${other.pid} \\(sleep 61\\)`),
    })
  })

  it('is opened once only', async () => {
    const { path } = await plugIn()
    await open(path)
    await assert.rejects(openSerial({ ...portSettings, path })(new RecordingReader()), {
      code: 'transport.port-in-use',
      message: new RegExp(`process ${process.pid} `),
    })
  })

  it('without modem lines is refused when they were asked for', async () => {
    const { path } = await plugIn()
    await assert.rejects(open(path, { dtr: false }), {
      code: 'transport.no-modem-lines',
      blame: 'environment',
    })
  })

  it('that was unplugged says so', async () => {
    const pty = await plugIn()
    const transport = await open(pty.path)
    await pty.stop()
    const error = await reader.waitForClose(t)
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'transport.unplugged')
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /ttyUSB0 was unplugged: \/dev\/pts\/\d+ is gone/)
    await assert.rejects(transport.write(Buffer.from('x')), {
      code: 'console.closed',
      message: /was unplugged/,
    })
  })

  it('that was unplugged while the board talks says so', async () => {
    const pty = await plugIn('EXEC:yes')
    await open(pty.path)
    await reader.waitForBytes(1_000_000, t)
    await pty.stop()
    const error = await reader.waitForClose(t)
    assert.equal((error as HilError).code, 'transport.unplugged')
  })

  for (const [what, far] of [
    ['silent', 'PTY,rawer'],
    ['talking', 'EXEC:yes'],
  ] as const) {
    hangUpTest(`that was hung up says so while the board is ${what}`, async () => {
      const { path } = await plugIn(far)
      await open(path)
      if (what === 'talking') await reader.waitForBytes(1_000_000, t)
      await hangUp(await realpath(path))
      const error = await reader.waitForClose(t)
      assert.equal((error as HilError).code, 'transport.hung-up')
      assert.match((error as HilError).message, /was hung up; the device is still there/)
    })
  }
})

/** What the kernel does to a port whose adapter is pulled: TIOCVHANGUP, ioctl_tty(2). Only root may ask for it. */
async function hangUp(device: string): Promise<void> {
  const script = `open(F, '+<', '${device}') or die "open: $!"; ioctl(F, 0x5437, 0) or die "ioctl: $!"`
  await run('perl', ['-e', script])
}

function hangUpTest(title: string, body: () => Promise<void>): void {
  if (process.getuid?.() === 0) it(title, body)
  else it.skip(`${title} [skipped: only root may hang up a terminal]`)
}

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseUsbSelector } from '../../../src/board/usb-selector.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import { openSerial } from '../../../src/transports/serial.ts'
import { findPortDevice } from '../../../src/transports/serial/port-device.ts'
import { listUsbPorts, matchUsbPorts, selectorFor } from '../../../src/transports/serial/usb-ports.ts'
import { openUnix } from '../../../src/transports/socket.ts'
import { portSettings, startPty } from '../../contract/transport-cases.ts'
import { FakeUsb } from '../../support/fake-usb.ts'
import { RecordingReader } from '../../support/recording-reader.ts'
import { itWith } from '../../support/requirements.ts'

const ftdi = { path: '1-1.4', serial: 'A50285BI', interfaces: { 0: 'ttyUSB0', 1: 'ttyUSB1' } }
const debugger_ = { path: '1-1.2', serial: 'E660', interfaces: { 1: 'ttyACM0' } }
const nameless = { path: '1-1.3', interfaces: { 0: 'ttyUSB2' } }

describe('A USB serial port', () => {
  let t: Deadline
  let undo: UndoStack
  let directory: string
  let usb: FakeUsb

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    undo = new UndoStack()
    directory = await mkdtemp(join(tmpdir(), 'hil-usb-'))
    undo.defer('the directory', () => rm(directory, { recursive: true }))
    usb = new FakeUsb(directory)
    await usb.create()
  })

  afterEach(async () => {
    assert.deepEqual(await undo.run(), [])
    t[Symbol.dispose]()
  })

  it('is known by its adapter, its place and its interface', async () => {
    for (const adapter of [ftdi, debugger_, nameless]) await usb.plugIn(adapter, '/dev/null')
    const ports = listUsbPorts(usb.roots)
    const device = (name: string) => join(usb.roots.dev, name)
    assert.deepEqual(
      ports.map(({ device, serial, path, interface: number }) => [device, serial, path, number]),
      [
        [device('ttyACM0'), 'E660', '1-1.2', 1],
        [device('ttyUSB0'), 'A50285BI', '1-1.4', 0],
        [device('ttyUSB1'), 'A50285BI', '1-1.4', 1],
        [device('ttyUSB2'), undefined, '1-1.3', 0],
      ],
    )
    assert.deepEqual(
      ports.map((port) => selectorFor(port, ports)),
      [
        'usb:serial=E660',
        'usb:serial=A50285BI,interface=0',
        'usb:serial=A50285BI,interface=1',
        'usb:path=1-1.3',
      ],
    )
  })

  it('is found by what udev calls its place, with or without the interface, and what is in front of PCI', async () => {
    for (const adapter of [ftdi, nameless]) await usb.plugIn(adapter, '/dev/null')
    const ports = listUsbPorts(usb.roots)
    for (const [path, found] of [
      ['pci-0000:00:14.0-usb-0:1.4:1.1', ['ttyUSB1']],
      ['pci-0000:00:14.0-usb-0:1.4', ['ttyUSB0', 'ttyUSB1']],
      ['platform-fd500000.pcie-pci-0000:00:14.0-usb-0:1.3', ['ttyUSB2']],
      ['pci-0000:00:14.0-usb-0:1', []],
      ['pci-0000:06:00.0-usb-0:1.3', []],
    ] as const) {
      const selector = parseUsbSelector(`usb:path=${path}`)
      assert.ok(typeof selector !== 'string', path)
      assert.deepEqual(
        matchUsbPorts(selector, ports).map(({ device }) => basename(device)),
        found,
        path,
      )
    }
  })

  it('is named in an environment by any of these', () => {
    assert.deepEqual(parseUsbSelector('usb:A50285BI'), { serial: 'A50285BI' })
    assert.deepEqual(parseUsbSelector('usb:path=1-1.4,interface=1'), { path: '1-1.4', interface: 1 })
    assert.deepEqual(parseUsbSelector('usb:vendor=0403,product=6010'), { vendor: '0403', product: '6010' })
    for (const [text, complaint] of [
      ['usb:', /"" is no serial of a USB port/],
      ['usb:path=ttyUSB0', /"ttyUSB0" is no path of a USB port, 1-1.4 is one/],
      ['usb:bus=1', /there is no "bus"; a USB port is named by serial, path, interface, vendor, product/],
      ['usb:A5,serial=A6', /"serial" is said twice/],
    ] as const) {
      const sentence = parseUsbSelector(text)
      assert.ok(typeof sentence === 'string')
      assert.match(sentence, complaint)
    }
  })

  it('that is not plugged in is told from those that are', async () => {
    await usb.plugIn(debugger_, '/dev/null')
    await assert.rejects(findPortDevice('usb:A50285BI', usb.roots), {
      code: 'transport.no-port',
      blame: 'environment',
      message: `the serial port usb:A50285BI is not plugged in; there are usb:serial=E660 (${usb.roots.dev}/ttyACM0, FTDI Quad)`,
    })
  })

  it('that could be several is not guessed', async () => {
    await usb.plugIn(ftdi, '/dev/null')
    await assert.rejects(findPortDevice('usb:A50285BI', usb.roots), {
      code: 'transport.port-refused',
      message: new RegExp(
        '^usb:A50285BI is 2 serial ports; choose one: usb:serial=A50285BI,interface=0 .{1,200}interface=1',
      ),
    })
  })

  const settings = () => ({ ...portSettings, roots: usb.roots })

  itWith(['socat'], 'is opened when it is plugged in, and again when it was pulled', async () => {
    const opening = { signal: t.signal, wait: true }
    const open = openSerial({ ...settings(), path: 'usb:A50285BI,interface=1' })
    for (const terminal of ['ttyUSB1', 'ttyUSB7']) {
      const pty = await startPty('SYSTEM:while echo hello; do sleep 0.05; done', directory, t)
      undo.defer('pty', () => pty.stop())
      const adapter = { ...ftdi, interfaces: { 1: terminal } }
      const reader = new RecordingReader()
      const opened = open(reader, opening)
      await usb.plugIn(nameless, pty.path)
      await usb.pull(nameless)
      await usb.plugIn(adapter, pty.path)
      const transport = await t.race(opened)
      await reader.waitFor(/hello/, t)
      await pty.stop()
      await usb.pull(adapter)
      await reader.waitForClose(t)
      await transport.close()
    }
  })

  itWith(
    ['socat'],
    'named by a link of udev is opened when the link is made, whatever was missing on the way',
    async () => {
      const pty = await startPty('SYSTEM:while echo hello; do sleep 0.05; done', directory, t)
      undo.defer('pty', () => pty.stop())
      const links = join(usb.roots.dev, 'serial/by-id')
      const reader = new RecordingReader()
      const open = openSerial({ ...settings(), path: join(links, 'usb-FTDI-port0') })
      const opened = open(reader, { signal: t.signal, wait: true })
      await mkdir(join(usb.roots.dev, 'serial'))
      await mkdir(links)
      await symlink(pty.path, join(links, 'usb-FTDI-port0'))
      const transport = await t.race(opened)
      await reader.waitFor(/hello/, t)
      await transport.close()
    },
  )

  it('is not waited for longer than was said', async () => {
    const opened = openSerial({ ...settings(), path: 'usb:A50285BI' })(new RecordingReader(), {
      signal: AbortSignal.timeout(50),
      wait: true,
    })
    await assert.rejects(opened, { code: 'transport.no-port' })
  })

  it('is not waited for where waiting could not help', async () => {
    await usb.plugIn(ftdi, '/dev/null')
    const opening = { signal: t.signal, wait: true }
    const open = (path: string) => openSerial({ ...settings(), path })(new RecordingReader(), opening)
    await assert.rejects(open('usb:A50285BI'), { code: 'transport.port-refused' })
    await assert.rejects(open('/dev/null'), { code: 'transport.port-refused', message: /is no serial port/ })
  })
})

describe('A socket that is not there yet', () => {
  it('is opened when it is made', async () => {
    using t = startDeadline(10_000, 'test')
    const directory = await mkdtemp(join(tmpdir(), 'hil-unix-'))
    const path = join(directory, 'vm', 'uart')
    const reader = new RecordingReader()
    const opened = openUnix({ path, connectTimeoutMs: 5000 })(reader, { signal: t.signal, wait: true })
    await mkdir(join(directory, 'vm'))
    const server = createServer((socket) => socket.write('hello')).listen(path)
    await once(server, 'listening')
    const transport = await t.race(opened)
    await reader.waitFor(/hello/, t)
    await transport.close()
    server.close()
    await rm(directory, { recursive: true })
  })

  it('is opened when its owner listens, a moment after it was made', async () => {
    using t = startDeadline(10_000, 'test')
    const directory = await mkdtemp(join(tmpdir(), 'hil-unix-'))
    const path = join(directory, 'uart')
    const owner = spawn('perl', ['-MSocket', '-e', bindThenListen, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(owner.stdout, 'data')
    const reader = new RecordingReader()
    // Its first try is made, and refused, before this returns.
    const opened = openUnix({ path, connectTimeoutMs: 5000 })(reader, { signal: t.signal, wait: true })
    owner.stdin.end('listen\n')
    const transport = await t.race(opened)
    await reader.waitFor(/hello/, t)
    await transport.close()
    await rm(directory, { recursive: true })
  })
})

const bindThenListen = `
  socket(S, AF_UNIX, SOCK_STREAM, 0) and bind(S, sockaddr_un($ARGV[0])) or die $!;
  syswrite(STDOUT, "bound\\n");
  readline(STDIN);
  listen(S, 1) and accept(C, S) or die $!;
  syswrite(C, "hello");
  sysread(C, $_, 1)`

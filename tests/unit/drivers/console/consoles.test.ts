import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenTransport } from '../../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { processConsole } from '../../../../src/drivers/console/process.ts'
import { serialConsole } from '../../../../src/drivers/console/serial.ts'
import { tcpConsole } from '../../../../src/drivers/console/tcp.ts'
import { unixConsole } from '../../../../src/drivers/console/unix.ts'
import { startPty } from '../../../contract/transport-cases.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { RecordingReader } from '../../../support/recording-reader.ts'
import { itWith } from '../../../support/requirements.ts'

describe('The console drivers', () => {
  let context: TestContext
  let t: Deadline
  let directory: string

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    context = await createTestContext({ secret: () => Promise.resolve('s3cret') })
    directory = await mkdtemp(join(tmpdir(), 'hil-console-'))
  })

  afterEach(async () => {
    await context.release()
    await rm(directory, { recursive: true })
    t[Symbol.dispose]()
  })

  /** Opens, waits for a greeting, closes. */
  async function greeting(open: OpenTransport): Promise<string> {
    const reader = new RecordingReader()
    const transport = await open(reader)
    await reader.waitFor(/U-Boot \d/, t)
    await transport.close()
    return transport.description
  }

  async function serve(where: { port: number; host: string } | { path: string }) {
    const server = createServer((socket) => socket.on('error', () => undefined).write('U-Boot 2026.01\r\n'))
    server.listen(where)
    await once(server, 'listening')
    context.undo.defer('server', () => server.close())
    return server
  }

  itWith(['socat'], 'open a serial port', async () => {
    const pty = await startPty('SYSTEM:while echo U-Boot 2026.01; do sleep 0.05; done', directory, t)
    context.undo.defer('pty', () => pty.stop())
    const options = serialConsole.schema.parse({ port: pty.path, baud: 1_500_000 })
    assert.equal(await greeting(await serialConsole.open(options, context, t)), `${pty.path} at 1500000 baud`)
  })

  it('open a process, with its variables', async () => {
    const options = processConsole.schema.parse({
      command: 'echo U-Boot 2026.01 $TOKEN; sleep 73.1',
      environment: { TOKEN: { env: 'X' } },
    })
    const reader = new RecordingReader()
    const transport = await (await processConsole.open(options, context, t))(reader)
    await reader.waitFor(/U-Boot 2026.01 s3cret/, t)
    await transport.close()
  })

  it('open a TCP connection', async () => {
    const server = await serve({ port: 0, host: '127.0.0.1' })
    const { port } = server.address() as { port: number }
    const options = tcpConsole.schema.parse({ host: '127.0.0.1', port })
    assert.equal(await greeting(await tcpConsole.open(options, context, t)), `tcp://127.0.0.1:${port}`)
  })

  it('open a Unix socket', async () => {
    const path = join(directory, 'uart')
    await serve({ path })
    assert.equal(await greeting(await unixConsole.open(unixConsole.schema.parse({ path }), context, t)), path)
  })

  it('know two names of one port for one', async () => {
    const device = join(directory, 'ttyUSB0')
    const link = join(directory, 'usb-FTDI-port0')
    await writeFile(device, '')
    await symlink(device, link)
    const resources = (port: string) => serialConsole.resources(serialConsole.schema.parse({ port }))
    assert.deepEqual(resources(link), [`serial:${device}`])
    assert.deepEqual(resources(link), resources(device))
    assert.deepEqual(resources('/nonexistent'), ['serial:/nonexistent'])
  })

  it('know one server for one, however its name is written', () => {
    const resources = (host: string) => tcpConsole.resources(tcpConsole.schema.parse({ host, port: 4001 }))
    assert.deepEqual(resources('Ser2Net.lab'), resources('ser2net.lab'))
  })

  it('know one command for one console', () => {
    const resources = (command: string) => processConsole.resources(processConsole.schema.parse({ command }))
    assert.deepEqual(resources('ssh lab cu'), resources('ssh lab cu'))
    assert.notDeepEqual(resources('ssh lab cu'), resources('ssh lab2 cu'))
  })
})

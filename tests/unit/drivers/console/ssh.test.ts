import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenTransport } from '../../../../src/board/transport.ts'
import { SteadyLine } from '../../../../src/console/steady-line.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { sshConsole } from '../../../../src/drivers/console/ssh.ts'
import { startPty } from '../../../contract/transport-cases.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { RecordingReader } from '../../../support/recording-reader.ts'
import { describeWith, itWith } from '../../../support/requirements.ts'
import { startSshd, type TestSshd } from '../../../support/ssh/sshd.ts'

describeWith(['sshd', 'socat'], 'A console by SSH', () => {
  let sshd: TestSshd
  let context: TestContext
  let t: Deadline
  let directory: string

  before(async () => {
    sshd = await startSshd()
  })

  after(() => sshd[Symbol.asyncDispose]())

  beforeEach(async () => {
    t = startDeadline(20_000, 'test')
    context = await createTestContext()
    directory = await mkdtemp(join(tmpdir(), 'hil-console-'))
  })

  afterEach(async () => {
    await context.release()
    await rm(directory, { recursive: true })
    t[Symbol.dispose]()
  })

  async function consoleBy(command: string | string[], more: object = {}): Promise<OpenTransport> {
    const { port, user, key, hostKey } = sshd
    const options = { host: '127.0.0.1', port, user, key, hostKey, command, ...more }
    return sshConsole.open(sshConsole.schema.parse(options), context, t)
  }

  /** A board that answers `it is <line>` to each line. */
  async function startBoard(): Promise<string> {
    const pty = await startPty('SYSTEM:while read -r line; do echo it is $line; done', directory, t)
    context.undo.defer('pty', () => pty.stop())
    return pty.path
  }

  /** @param ready what the program says when it no longer throws away what was sent before it */
  async function ask(open: OpenTransport, ready = /^/): Promise<void> {
    const reader = new RecordingReader()
    const transport = await open(reader)
    context.undo.defer('the console', () => transport.close())
    await reader.waitFor(ready, t)
    await transport.write(Buffer.from('one\n'))
    await reader.waitFor(/it is one\r?\n/, t)
    await transport.write(Buffer.from('two\n'))
    await reader.waitFor(/it is two\r?\n/, t)
    await transport.close()
  }

  it('goes through socat', async () => {
    await ask(await consoleBy(`socat -t0 - ${await startBoard()},b115200,raw,echo=0`))
  })

  itWith(['microcom'], 'goes through microcom', async () => {
    const command = `microcom -s 115200 -p ${await startBoard()}`
    await ask(await consoleBy(command, { terminal: true }), /Escape character/)
  })

  itWith(['tio'], 'goes through tio', async () => {
    await ask(await consoleBy(`tio ${await startBoard()}`, { terminal: true }), /Connected/)
  })

  it('takes a list as a program and its arguments, whatever a shell would make of them', async () => {
    const reader = new RecordingReader()
    const transport = await (await consoleBy(['printf', '%s;', "it's", '$HOME', 'a  b']))(reader)
    assert.equal((await reader.waitForClose(t))?.name, 'HilError')
    await transport.close()
    assert.equal(reader.text(), "it's;$HOME;a  b;")
  })

  it('tells what the program said when it ended', async () => {
    const reader = new RecordingReader()
    await (
      await consoleBy('socat - /nonexistent/ttyUSB0')
    )(reader)
    const error = await reader.waitForClose(t)
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'transport.process-ended')
    assert.match(error.message, /socat - \/nonexistent\/ttyUSB0.*127\.0\.0\.1.*exit code 1.*No such file/s)
  })

  it('checks the host key as every login does', async () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`
    const open = await consoleBy('socat - /nonexistent/ttyUSB0', { hostKey })
    await assert.rejects(open(new RecordingReader()), { code: 'ssh.host-key', blame: 'environment' })
  })

  it('ends the program there when it is closed, one that does not care about its input too', async () => {
    const reader = new RecordingReader()
    const transport = await (await consoleBy(stubborn))(reader)
    const pid = await startedIn(reader)
    await transport.close()
    assert.equal(isRunning(pid), false)
  })

  it('comes back after the connection was lost, and leaves no second program at the port', async () => {
    const reader = new RecordingReader()
    let losses = 0
    const line = new SteadyLine({
      name: 'rock3a',
      open: await consoleBy(stubborn),
      patienceMs: 15_000,
      followsPower: false,
      onAbsent: () => assert.fail('it is there'),
      onLost: () => losses++,
      onBack: () => undefined,
    })
    const transport = await line.open(reader)
    context.undo.defer('the console', () => transport.close())
    const first = await startedIn(reader)
    const from = reader.length
    sshd.dropConnections()
    const second = await startedIn(reader, from)
    assert.equal(losses, 1)
    assert.notEqual(first, second)
    assert.equal(isRunning(first), false)
    assert.equal(isRunning(second), true)
  })

  /** Neither the end of its input nor that nobody is there any more ends it. */
  const stubborn = `trap '' HUP PIPE; echo started $$; while :; do sleep 100; done`

  async function startedIn(reader: RecordingReader, from = 0): Promise<number> {
    return Number((await reader.waitFor(/started (\d+)\n/, t, from))[1])
  }
})

/** Not one that has ended and that nobody has asked about yet. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0
  } catch {
    return false
  }
}

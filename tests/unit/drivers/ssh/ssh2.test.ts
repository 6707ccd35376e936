import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { SshOutput, SshSession } from '../../../../src/board/ssh.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { untilNoProcess } from '../../../support/processes.ts'
import { describeWith } from '../../../support/requirements.ts'
import { openSshSession } from '../../../support/ssh/ssh-session.ts'
import type { TestSshd } from '../../../support/ssh/sshd.ts'

describeWith(['sshd'], 'A board over SSH', function () {
  this.timeout(30_000)
  let context: TestContext
  let session: SshSession
  let sshd: TestSshd
  let t: Deadline

  beforeEach(async () => {
    t = startDeadline(25_000, 'test')
    context = await createTestContext()
    ;({ session, sshd } = await openSshSession(context, t))
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  it('tells the two outputs of a command apart, and the signal that ended it', async () => {
    const { stdout, stderr, exitCode } = await session.run('echo out; echo error >&2; exit 7', t)
    assert.deepEqual({ stdout, stderr, exitCode }, { stdout: 'out\n', stderr: 'error\n', exitCode: 7 })
    assert.equal((await session.run('kill -TERM $$', t)).signal, 'SIGTERM')
    assert.equal((await session.run('printf no-line-end >&2', t)).stderr, 'no-line-end')
  })

  it('gives a command what it is to read, also one that does not', async () => {
    const input = randomBytes(300_000).toString('hex')
    assert.equal((await session.run('cat', t, { input })).stdout, input)
    assert.equal((await session.run('echo done', t, { input })).stdout, 'done\n')
  })

  it('runs commands at the same time', async () => {
    const meeting = join(context.temporaryDirectory, 'meeting')
    await session.run(`mkfifo ${meeting}`, t)
    const [reader, writer] = await Promise.all([
      session.run(`cat ${meeting}`, t),
      session.run(`echo met >${meeting}`, t),
    ])
    assert.deepEqual([reader.stdout, writer.exitCode], ['met\n', 0])
  })

  it('tells what a command prints as it comes, in whole characters', async () => {
    const seen: SshOutput[] = []
    let first: () => void = () => undefined
    const began = new Promise<void>((resolve) => (first = resolve))
    const command = await session.start(
      `echo ready; read line; printf '\\342\\202'; sleep 0.1; printf '\\254'; echo error >&2`,
      t,
      {
        onOutput: (output) => {
          seen.push(output)
          first()
        },
      },
    )
    await began
    assert.deepEqual(seen, [{ stream: 'stdout', text: 'ready\n' }])
    await command.write('go\n')
    await command.ended
    assert.deepEqual(
      seen.filter(({ stream }) => stream === 'stdout').map(({ text }) => text),
      ['ready\n', '€'],
    )
    assert.ok(seen.some(({ stream, text }) => stream === 'stderr' && text === 'error\n'))
  })

  it('passes signals to a command and to what it has started', async () => {
    const seconds = `1000.${process.pid}1`
    const lines: string[] = []
    let ready: () => void = () => undefined
    const isReady = new Promise<void>((resolve) => (ready = resolve))
    const command = await session.start(
      `trap 'echo usr1' USR1; sleep ${seconds} & echo ready; while :; do wait $! && break; done`,
      t,
      {
        onOutput: ({ text: piece }) => {
          lines.push(piece)
          ready()
        },
      },
    )
    await isReady
    await command.signal('SIGUSR1', t)
    await command.signal('SIGKILL', t)
    assert.equal((await command.ended).signal, 'SIGKILL')
    await untilNoProcess(seconds, t)
    assert.equal(lines.join(''), 'ready\nusr1\n')
    await assert.rejects(command.signal('rm -rf /', t), { code: 'ssh.signal' })
  })

  it('ends a command that is not done in time, with what it has started, and goes on', async () => {
    const seconds = `1000.${process.pid}2`
    using short = t.within(1500, 'a short command')
    const stubborn = `trap '' TERM; sleep ${seconds} & while :; do wait; done`
    await assert.rejects(session.run(stubborn, short), {
      code: 'command.timeout',
      blame: 'board',
      message: /did not end in time over SSH at .* port \d+ .*; it was ended$/,
    })
    await untilNoProcess(seconds, t)
    assert.equal((await session.run('echo works', t)).stdout, 'works\n')
  })

  it('says that it is gone, and not that a command failed, when its connection is lost', async () => {
    const running = session.run('sleep 1000', t)
    await session.run('true', t)
    sshd.dropConnections()
    await assert.rejects(running, { code: 'ssh.lost', blame: 'infrastructure' })
    assert.equal(session.isOpen, false)
    await assert.rejects(session.run('true', t), {
      code: 'command.revoked',
      message: /its connection is gone/,
    })
  })

  it('forwards ports both ways', async () => {
    const answering = createServer((socket) => socket.end(`hello from ${socket.localPort}`))
    answering.listen(0, '127.0.0.1')
    await once(answering, 'listening')
    const { port } = answering.address() as AddressInfo
    const ask = async (at: { host: string; port: number }) => text(connect(at))
    try {
      const there = await session.forwardTo({ host: '127.0.0.1', port }, t)
      const here = await session.forwardFrom(0, { host: '127.0.0.1', port }, t)
      for (const forward of [there, here]) {
        assert.notEqual(forward.port, port)
        const answers = await Promise.all([ask(forward), ask(forward), ask(forward)])
        assert.deepEqual(answers, Array<string>(3).fill(`hello from ${port}`))
      }
      for (const forward of [there, here]) {
        await forward.close()
        await assert.rejects(ask(forward), { code: 'ECONNREFUSED' })
      }
      const nowhere = await session.forwardTo({ host: '127.0.0.1', port: 1 }, t)
      assert.equal(await ask(nowhere).catch(() => ''), '')
    } finally {
      answering.close()
    }
  })

  it('brings large files fast, and knows a full disk', async () => {
    const [from, to] = ['from', 'to'].map((name) => join(context.temporaryDirectory, name)) as [
      string,
      string,
    ]
    writeFileSync(from, randomBytes(30 << 20))
    await session.files.put(from, to, t)
    assert.equal(statSync(to).size, 30 << 20)
    assert.ok(readFileSync(from).equals(readFileSync(to)))
    await assert.rejects(session.files.put(from, '/dev/full/x', t), { code: 'transfer.refused' })
  })

  for (const [way, more] of [
    ['SFTP', []],
    ['an SSH without it', ['Subsystem sftp /bin/false']],
  ] as const) {
    it(`says that the disk of this machine is full, by ${way}`, async () => {
      const { session: another } = await openSshSession(context, t, more)
      const [from, to] = ['from', 'to'].map((name) => join(context.temporaryDirectory, name)) as [
        string,
        string,
      ]
      writeFileSync(from, randomBytes(1 << 20))
      symlinkSync('/dev/full', `${to}.hil-part`)
      await assert.rejects(another.files.get(from, to, t), (error: { code: string; message: string }) => {
        assert.equal(error.code, 'transfer.local', error.message)
        assert.match(error.message, /to\.hil-part on this machine: no space left on device/)
        return true
      })
    })
  }
})

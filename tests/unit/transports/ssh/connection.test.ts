import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { SshConnection } from '../../../../src/transports/ssh/connection.ts'
import { startRemote } from '../../../../src/transports/ssh/remote-process.ts'
import type { SshTarget } from '../../../../src/transports/ssh/target.ts'
import { describeWith } from '../../../support/requirements.ts'
import { startSshd, type TestSshd } from '../../../support/ssh/sshd.ts'
import { runTool } from '../../codecs/oracle.ts'

describeWith(['sshd'], 'A connection by SSH', function () {
  this.timeout(20_000)
  let sshd: TestSshd
  let directory: string
  let t: Deadline
  let opened: SshConnection[]

  before(async () => {
    sshd = await startSshd()
  })
  after(() => sshd[Symbol.asyncDispose]())

  beforeEach(() => {
    t = startDeadline(15_000, 'test')
    directory = mkdtempSync(join(tmpdir(), 'hil-ssh-'))
    opened = []
  })
  afterEach(async () => {
    for (const connection of opened) await connection.close()
    rmSync(directory, { recursive: true, force: true })
    t[Symbol.dispose]()
  })

  const connect = (target: SshTarget) => {
    const connection = new SshConnection(target)
    opened.push(connection)
    return connection
  }

  /** Runs a command to its end. */
  const run = async (connection: SshConnection, command: string, input = '') => {
    const out: Buffer[] = []
    const errors: Buffer[] = []
    const streams = {
      stdout: (bytes: Uint8Array) => out.push(Buffer.from(bytes)),
      stderr: (bytes: Uint8Array) => errors.push(Buffer.from(bytes)),
    }
    const process = await startRemote(connection, command, streams, t)
    if (input !== '') await process.write(Buffer.from(input))
    process.endInput()
    const end = await process.ended
    return { ...end, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(errors).toString() }
  }

  it('runs a command: its status, both its outputs, its input', async () => {
    const connection = connect(sshd.target())
    assert.deepEqual(await run(connection, 'cat; echo no >&2; exit 3', 'yes'), {
      ...{ exitCode: 3, stdout: 'yes', stderr: 'no\n' },
    })
    assert.equal((await run(connection, 'head -c 5000000 /dev/zero')).stdout.length, 5_000_000)
  })

  it('tells by which signal a command ended', async () => {
    const connection = connect(sshd.target())
    const { exitCode, signal } = await run(connection, 'kill -9 $$')
    assert.deepEqual({ exitCode, signal }, { exitCode: 137, signal: 'SIGKILL' })
  })

  it('runs as many commands at once as asked for, more than a server allows', async () => {
    const narrow = await startSshd(['MaxSessions 3'])
    try {
      for (const [server, count] of [
        [sshd, 12],
        [narrow, 5],
      ] as const) {
        const connection = connect(server.target())
        const indexes = Array.from({ length: count }, (_, index) => index)
        const ends = await Promise.all(indexes.map((index) => run(connection, `echo ${index}`)))
        assert.deepEqual(
          ends.map(({ stdout }) => stdout),
          indexes.map((index) => `${index}\n`),
        )
      }
    } finally {
      await narrow[Symbol.asyncDispose]()
    }
  })

  it('gives up its place in the queue when its time is over, and no other', async () => {
    const connection = connect(sshd.target())
    const hold = Array.from({ length: 8 }, () => run(connection, 'sleep 0.5; echo held'))
    using short = t.within(100, 'a short wait')
    const streams = { stdout: () => undefined, stderr: () => undefined }
    await assert.rejects(startRemote(connection, 'true', streams, short), { code: 'deadline.exceeded' })
    const after = run(connection, 'echo after')
    assert.deepEqual(
      (await Promise.all([...hold, after])).map(({ stdout }) => stdout),
      [...Array<string>(8).fill('held\n'), 'after\n'],
    )
  })

  it('fails what runs when it is lost, and is made again for what comes', async () => {
    const connection = connect(sshd.target())
    let losses = 0
    using _listening = connection.onLost(() => losses++)
    const running = run(connection, 'echo runs; sleep 1000')
    await run(connection, 'true')
    sshd.dropConnections()
    await assert.rejects(running, { code: 'ssh.lost', blame: 'infrastructure', message: /sleep 1000/ })
    assert.equal((await run(connection, 'echo again')).stdout, 'again\n')
    assert.equal(losses, 1)
  })

  it('goes through other machines', async () => {
    const gate = await startSshd()
    try {
      const jump = [gate.target(), gate.target()]
      const connection = connect(sshd.target({ jump }))
      assert.equal((await run(connection, 'echo behind')).stdout, 'behind\n')
      await connection.close()
      const nowhere = connect(sshd.target({ jump, port: 1 }))
      await assert.rejects(run(nowhere, 'true'), {
        code: 'ssh.unreachable',
        message: /^127\.0\.0\.1 can't reach 127\.0\.0\.1 port 1 for us/,
      })
    } finally {
      await gate[Symbol.asyncDispose]()
    }
  })

  it('asks an agent where no key is named, and unlocks a key with its passphrase', async () => {
    const agent = spawn('ssh-agent', ['-D', '-a', join(directory, 'agent')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const before = process.env['SSH_AUTH_SOCK']
    try {
      await once(agent.stdout, 'data')
      process.env['SSH_AUTH_SOCK'] = join(directory, 'agent')
      await assert.rejects(run(connect(sshd.target({ key: undefined })), 'true'), { code: 'ssh.refused' })
      runTool('ssh-add', ['-q', sshd.key])
      assert.equal((await run(connect(sshd.target({ key: undefined })), 'echo in')).stdout, 'in\n')
    } finally {
      if (before === undefined) delete process.env['SSH_AUTH_SOCK']
      else process.env['SSH_AUTH_SOCK'] = before
      agent.kill()
      await once(agent, 'exit')
    }
    const locked = join(directory, 'locked')
    writeFileSync(locked, readFileSync(sshd.key), { mode: 0o600 })
    runTool('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-f', locked])
    const unlocked = connect(sshd.target({ key: locked, passphrase: 'open sesame' }))
    assert.equal((await run(unlocked, 'echo in')).stdout, 'in\n')
    await assert.rejects(run(connect(sshd.target({ key: locked })), 'true'), {
      code: 'ssh.key',
      blame: 'environment',
    })
  })

  it('logs in with a password, however the server asks for it', async () => {
    for (const method of ['password', 'keyboard-interactive'] as const) {
      const server = await passwordServer(method)
      try {
        const target = {
          ...{ host: '127.0.0.1', port: server.port, user: 'root', key: undefined },
          hostKeys: { fingerprints: [server.fingerprint], from: 'the test' },
        }
        const connection = connect({ ...target, password: 'right' })
        assert.equal((await run(connection, 'anything')).stdout, 'ran anything\n')
        await connection.close()
        await assert.rejects(run(connect({ ...target, password: 'wrong' }), 'true'), { code: 'ssh.refused' })
      } finally {
        await server.close()
      }
    }
  })

  describe('to a host', () => {
    let home: string | undefined

    beforeEach(() => {
      home = process.env['HOME']
      process.env['HOME'] = directory
    })
    afterEach(() => {
      if (home === undefined) delete process.env['HOME']
      else process.env['HOME'] = home
    })

    it('that is new writes its key down where that is accepted, and refuses another one later', async () => {
      const target = sshd.target({ hostKeys: 'accept-new' })
      await assert.rejects(run(connect({ ...target, hostKeys: 'known-hosts' }), 'true'), {
        code: 'ssh.host-key',
        message: /which known_hosts does not have/,
      })
      assert.equal((await run(connect(target), 'echo first')).exitCode, 0)
      assert.equal((await run(connect({ ...target, hostKeys: 'known-hosts' }), 'true')).exitCode, 0)
      // The real ssh finds it, too.
      const known = execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', knownHosts()])
      assert.match(known.toString(), /ssh-ed25519/)
      const another = readFileSync(`${sshd.key}.pub`, 'utf8').split(' ')[1] ?? ''
      writeFileSync(knownHosts(), readFileSync(knownHosts(), 'utf8').replace(/AAAA\S+/, another))
      await assert.rejects(run(connect(target), 'true'), {
        code: 'ssh.host-key',
        message: /known_hosts has another/,
      })
    })

    it('that has several keys asks for the one that is known', async () => {
      const rsa = join(directory, 'rsa')
      runTool('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', rsa])
      const server = await startSshd([`HostKey ${rsa}`])
      try {
        const [type = '', blob = ''] = readFileSync(`${rsa}.pub`, 'utf8').split(' ')
        runTool('mkdir', ['-m', '700', join(directory, '.ssh')])
        writeFileSync(knownHosts(), `[127.0.0.1]:${server.port} ${type} ${blob}\n`)
        const connection = connect(server.target({ hostKeys: 'known-hosts' }))
        assert.equal((await run(connection, 'true')).exitCode, 0)
      } finally {
        await server[Symbol.asyncDispose]()
      }
    })

    it('is written below a last line that has no end', async () => {
      runTool('mkdir', ['-m', '700', join(directory, '.ssh')])
      const other = `other.example ssh-ed25519 ${readFileSync(`${sshd.key}.pub`, 'utf8').split(' ')[1] ?? ''}`
      writeFileSync(knownHosts(), other)
      assert.equal((await run(connect(sshd.target({ hostKeys: 'accept-new' })), 'true')).exitCode, 0)
      const [first, second = ''] = readFileSync(knownHosts(), 'utf8').split('\n')
      assert.equal(first, other)
      assert.match(second, /^\|1\|\S+ ssh-ed25519 AAAA\S+$/)
    })

    function knownHosts(): string {
      return join(directory, '.ssh', 'known_hosts')
    }
  })
})

/** A server that takes the password "right", in one of two ways; it has no files and no accounts. */
async function passwordServer(method: 'password' | 'keyboard-interactive') {
  const key = ssh2.utils.generateKeyPairSync('ed25519')
  const parsed = ssh2.utils.parseKey(key.public)
  assert.ok(!(parsed instanceof Error))
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    client.on('error', () => undefined)
    client.on('authentication', (attempt) => {
      if (attempt.method !== method) attempt.reject([method])
      else if (attempt.method === 'password') {
        if (attempt.password === 'right') attempt.accept()
        else attempt.reject([])
      } else if (attempt.method === 'keyboard-interactive') {
        attempt.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
          if (answers[0] === 'right') attempt.accept()
          else attempt.reject([])
        })
      }
    })
    client.on('session', (accept) => {
      accept().on('exec', (start, _refuse, { command }) => {
        const channel = start()
        channel.write(`ran ${command}\n`)
        channel.exit(0)
        channel.end()
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return {
    port: address.port,
    fingerprint: `SHA256:${hash}`,
    close: () =>
      new Promise<void>((resolve) =>
        server.close(() => {
          resolve()
        }),
      ),
  }
}

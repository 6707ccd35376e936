import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { SshTarget } from '../../../src/transports/ssh/target.ts'
import { findCommand } from '../../../scripts/setup/find-command.mjs'
import { freePort } from '../free-port.ts'
import { runTool } from '../../unit/codecs/oracle.ts'

/** A real sshd of this user alone, at a port of the loopback interface. */
export interface TestSshd extends AsyncDisposable {
  readonly port: number
  /** Who it lets in. */
  readonly user: string
  /** File of the private key that opens it. */
  readonly key: string
  /** As `ssh-keygen -l` prints it. */
  readonly hostKey: string
  /** Ends what serves the connections there are; new ones are taken. */
  dropConnections(): void
  /** Its line in known_hosts, without the host. */
  readonly publicHostKey: string
  /** How to log in to it, its key being known. */
  target(overrides?: Partial<SshTarget>): SshTarget
}

/** @param more lines of sshd_config that come first, and so win */
export async function startSshd(more: readonly string[] = []): Promise<TestSshd> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-sshd-'))
  const [hostKey, key] = [join(directory, 'host'), join(directory, 'client')]
  for (const file of [hostKey, key]) runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  const port = await freePort()
  const config = join(directory, 'sshd_config')
  writeFileSync(
    config,
    [
      ...more,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${key}.pub`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'StrictModes no',
      'PidFile none',
      ...(more.some((line) => line.startsWith('Subsystem')) ? [] : ['Subsystem sftp internal-sftp']),
    ].join('\n'),
  )
  // Where sshd is root it wants a directory for what it runs without privileges.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  // It starts itself again for each connection, and wants an absolute path for that.
  const sshd = spawn(findCommand('sshd') ?? assert.fail('no sshd'), ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(sshd, 'exit')
  await listening(sshd.stderr)
  const [fingerprint = ''] = /SHA256:\S+/.exec(runTool('ssh-keygen', ['-l', '-f', hostKey]).toString()) ?? []
  const [type = '', blob = ''] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ')
  return {
    port,
    user: userInfo().username,
    key,
    hostKey: fingerprint,
    publicHostKey: `${type} ${blob}`,
    target: (overrides) => ({
      ...{ host: '127.0.0.1', port, key, password: undefined, user: userInfo().username },
      hostKeys: { fingerprints: [fingerprint], from: 'the test' },
      ...overrides,
    }),
    dropConnections() {
      for (const child of childrenOf(sshd.pid ?? 0)) process.kill(child)
    },
    async [Symbol.asyncDispose]() {
      sshd.kill()
      await exited
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

async function listening(log: Readable): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    log.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Server listening')) resolve()
    })
    log.once('end', () => {
      reject(new Error(`sshd did not start: ${said}`))
    })
  })
}

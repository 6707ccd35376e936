import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { AnyAuthMethod, Client, utils } from 'ssh2'
import type { Deadline } from '../../core/deadline.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import { checkKnownHosts } from './known-hosts.ts'

export interface SshTarget {
  readonly host: string
  readonly port: number
  /** Absent: the person hil runs for. */
  readonly user: string | undefined
  /** File of a private key; absent: those in ~/.ssh. An agent is asked first. */
  readonly key: string | undefined
  readonly password: string | undefined
  /** `SHA256:...` as `ssh-keygen -l` prints it; absent: ~/.ssh/known_hosts must have it. */
  readonly hostKey: string | undefined
}

/**
 * Logs in by SSH.
 * @throws HilError `ssh.unreachable` (infrastructure), `ssh.refused`, `ssh.host-key`, `ssh.key` (environment)
 */
export async function connectSsh(target: SshTarget, t: Deadline): Promise<Client> {
  const { default: ssh2 } = await import('ssh2')
  const { host, port, user = userInfo().username } = target
  const authHandler = await authMethods(target, user, ssh2.utils.parseKey)
  const knownHosts = target.hostKey === undefined ? await readKnownHosts() : ''
  const client = new ssh2.Client()
  let distrust: HilError | undefined
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve)
    // Later ones fail what is under way; without a listener they would end the process.
    client.on('error', reject)
    client.once('close', () => {
      reject(new Error('the connection was closed'))
    })
  })
  client.connect({
    host,
    port,
    username: user,
    authHandler,
    readyTimeout: 0,
    hostVerifier: (key: Buffer) => {
      distrust = distrustOf(target, key, knownHosts)
      return distrust === undefined
    },
  })
  try {
    await t.race(ready)
    return client
  } catch (cause) {
    client.destroy()
    if (distrust !== undefined) throw distrust
    t.throwIfOver()
    throw failed(`${user}@${host} port ${port}`, cause)
  }
}

/** All that could let us in, what is named first. */
async function authMethods(
  { key, password }: SshTarget,
  username: string,
  parseKey: typeof utils.parseKey,
): Promise<AnyAuthMethod[]> {
  const methods: AnyAuthMethod[] = [{ type: 'none', username }]
  if (key !== undefined) {
    const parsed = parseKey(await readKey(key))
    if (parsed instanceof Error) {
      throw new HilError('ssh.key', `${key} is no private key that can be used: ${parsed.message}`, {
        blame: 'environment',
        details: { key },
      })
    }
    return [...methods, { type: 'publickey', username, key: parsed }]
  }
  if (password !== undefined) return [...methods, { type: 'password', username, password }]
  const agent = process.env['SSH_AUTH_SOCK']
  if (agent !== undefined && agent !== '') methods.push({ type: 'agent', username, agent })
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const text = await readFile(join(homedir(), '.ssh', name)).catch(() => undefined)
    const parsed = text && parseKey(text)
    if (parsed !== undefined && !(parsed instanceof Error)) {
      methods.push({ type: 'publickey', username, key: parsed })
    }
  }
  return methods
}

async function readKey(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new HilError('ssh.key', `the private key ${path} can't be read: ${messageOf(cause)}`, {
      blame: 'environment',
      details: { path },
      cause,
    })
  }
}

async function readKnownHosts(): Promise<string> {
  const files = [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts']
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.join('\n')
}

/** Undefined where the host is the one that is meant. */
function distrustOf(target: SshTarget, key: Buffer, knownHosts: string): HilError | undefined {
  const { host, port, hostKey } = target
  const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
  const untrusted = (why: string) =>
    new HilError('ssh.host-key', `${host} port ${port} has the host key ${fingerprint}, ${why}`, {
      blame: 'environment',
      details: { host, port, fingerprint },
    })
  if (hostKey !== undefined) {
    return hostKey === fingerprint ? undefined : untrusted(`and "host-key" names ${hostKey}`)
  }
  switch (checkKnownHosts(knownHosts, target, key)) {
    case 'known':
      return undefined
    case 'unknown':
      return untrusted(
        `which known_hosts does not have: connect to it by ssh once and compare, or write it as "host-key"`,
      )
    case 'changed':
      return untrusted('and known_hosts has another: it is another machine, or was installed anew')
    case 'revoked':
      return untrusted('which known_hosts has as revoked')
  }
}

function failed(who: string, cause: unknown): HilError {
  const isRefused = (cause as { readonly level?: string }).level === 'client-authentication'
  return isRefused
    ? new HilError(
        'ssh.refused',
        `${who} lets nobody in with what there is: name a private key as "key", a password as "password", or start an agent`,
        { blame: 'environment', details: { who }, cause },
      )
    : new HilError('ssh.unreachable', `${who} can't be reached by SSH: ${messageOf(cause)}`, {
        blame: 'infrastructure',
        details: { who },
        cause,
      })
}

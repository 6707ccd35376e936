import { userInfo } from 'node:os'
import type { Duplex } from 'node:stream'
import type { Algorithms, Client, ClientChannel, ServerHostKeyAlgorithm } from 'ssh2'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { authMethods } from './auth-methods.ts'
import { checkHostKey, type HostKeyCheck } from './host-key.ts'
import { describeTarget, type SshTarget } from './target.ts'

/** A peer that vanished without a word is noticed when it has missed this many questions. */
const keepAliveMs = 5000
const keepAliveMisses = 3

/**
 * Logs in by SSH, through the machines the target is behind. Ending the client ends those connections too.
 * @throws HilError `ssh.unreachable` (infrastructure), `ssh.refused`, `ssh.host-key`, `ssh.key` (environment)
 */
export async function connectSsh(target: SshTarget, t: Deadline): Promise<Client> {
  const jumps = target.jump ?? []
  const nearest = jumps.at(-1)
  if (nearest === undefined) return logIn(target, undefined, t)
  const jump = await connectSsh({ ...nearest, jump: jumps.slice(0, -1) }, t)
  try {
    const client = await logIn(target, await openTunnel(jump, nearest, target, t), t)
    client.once('close', () => jump.end())
    return client
  } catch (error) {
    jump.destroy()
    throw error
  }
}

async function logIn(target: SshTarget, sock: Duplex | undefined, t: Deadline): Promise<Client> {
  const { default: ssh2 } = await import('ssh2')
  const { host, port, user = userInfo().username } = target
  const authHandler = await authMethods(target, user, ssh2.utils.parseKey)
  const hostKey = await checkHostKey(target)
  const client = new ssh2.Client()
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve)
    // Later ones fail what is under way; without a listener they would end the process.
    client.on('error', reject)
    client.once('close', () => {
      reject(new Error('the connection was closed'))
    })
  })
  client.connect({
    ...{ host, port, username: user, authHandler, readyTimeout: 0 },
    ...(sock === undefined ? {} : { sock }),
    ...{ keepaliveInterval: keepAliveMs, keepaliveCountMax: keepAliveMisses },
    ...algorithmsFor(hostKey),
    hostVerifier: (key: Buffer) => hostKey.accepts(key),
  })
  try {
    await t.race(ready)
    await hostKey.remember()
    return client
  } catch (cause) {
    client.destroy()
    if (hostKey.distrust !== undefined) throw hostKey.distrust
    t.throwIfOver()
    throw failed(describeTarget(target, user), cause)
  }
}

/** A server shows the key of the first kind that both sides know: that one has to be one we know it by. */
function algorithmsFor({ preferred }: HostKeyCheck): { algorithms?: Algorithms } {
  if (preferred.length === 0) return {}
  const serverHostKey = [...new Set([...preferred, ...keyAlgorithms])]
  return { algorithms: { serverHostKey } }
}

/** What ssh2 asks for by itself, in its order. */
const keyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]

async function openTunnel(jump: Client, via: SshTarget, { host, port }: SshTarget, t: Deadline) {
  const opened = new Promise<ClientChannel>((resolve, reject) => {
    jump.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
      if (error === undefined) resolve(channel)
      else reject(error)
    })
  })
  try {
    return await t.race(opened)
  } catch (cause) {
    t.throwIfOver()
    const who = `${host} port ${port}`
    throw new HilError('ssh.unreachable', `${via.host} can't reach ${who} for us: ${reasonOf(cause)}`, {
      blame: 'infrastructure',
      details: { host, port, via: via.host },
      cause,
    })
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
    : new HilError('ssh.unreachable', `${who} can't be reached by SSH: ${reasonOf(cause)}`, {
        blame: 'infrastructure',
        details: { who },
        cause,
      })
}

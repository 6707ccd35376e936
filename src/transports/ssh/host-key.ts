import { createHash } from 'node:crypto'
import type { ServerHostKeyAlgorithm } from 'ssh2'
import { HilError } from '../../core/errors.ts'
import { addKnownHost, checkKnownHosts, keyType, knownKeyTypes, readKnownHosts } from './known-hosts.ts'
import type { SshTarget } from './target.ts'

/** Looks at the key a host shows, and remembers what is wrong with it. */
export interface HostKeyCheck {
  /** The kinds of key to ask for first: those by which the host is known. */
  readonly preferred: readonly ServerHostKeyAlgorithm[]
  /** @returns whether the host is the one that is meant */
  accepts(key: Buffer): boolean
  /** Why a key was not accepted. */
  readonly distrust: HilError | undefined
  /** Once the host has proven that it has the key: writes that of a new one down. */
  remember(): Promise<void>
}

export async function checkHostKey(target: SshTarget): Promise<HostKeyCheck> {
  const { hostKeys } = target
  const knownHosts = typeof hostKeys === 'string' ? await readKnownHosts() : ''
  let distrust: HilError | undefined
  let newKey: Buffer | undefined
  return {
    preferred: knownKeyTypes(knownHosts, target).flatMap((type) => algorithmsOf[type] ?? []),
    get distrust() {
      return distrust
    },
    accepts(key) {
      const verdict = judge(target, key, knownHosts)
      if (verdict instanceof HilError) distrust = verdict
      else if (verdict === 'new') newKey = key
      return distrust === undefined
    },
    async remember() {
      if (newKey !== undefined) await addKnownHost(target, newKey)
    },
  }
}

/** The signatures that prove a key of each type (RFC 8332 for RSA). */
const algorithmsOf: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}

function judge(target: SshTarget, key: Buffer, knownHosts: string): 'trusted' | 'new' | HilError {
  const { host, port, hostKeys } = target
  const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
  const type = keyType(key)
  const untrusted = (why: string) =>
    new HilError('ssh.host-key', `${host} port ${port} has the host key ${fingerprint} (${type}), ${why}`, {
      blame: 'environment',
      details: { host, port, fingerprint },
    })
  if (typeof hostKeys === 'object') {
    const { fingerprints, from } = hostKeys
    return fingerprints.includes(fingerprint)
      ? 'trusted'
      : untrusted(`and ${from} names ${fingerprints.join(', ')}`)
  }
  switch (checkKnownHosts(knownHosts, target, key)) {
    case 'known':
      return 'trusted'
    case 'unknown':
      return hostKeys === 'accept-new'
        ? 'new'
        : untrusted(
            `which known_hosts does not have: connect to it by ssh once and compare, or write it as "host-key"`,
          )
    case 'changed':
      return untrusted('and known_hosts has another: it is another machine, or was installed anew')
    case 'revoked':
      return untrusted('which known_hosts has as revoked')
  }
}

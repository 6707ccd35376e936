import type { SecretReference } from '../../board/option-types.ts'
import type { SshLogin } from '../../board/ssh-login.ts'

/** Which host keys are trusted: those of known_hosts, those and the first one of a host not known yet, or these alone. */
export type HostKeys =
  | 'known-hosts'
  /** As ssh's `StrictHostKeyChecking=accept-new`: a new host is written to known_hosts, a changed key is refused. */
  | 'accept-new'
  /** `SHA256:...` as `ssh-keygen -l` prints it. */
  | { readonly fingerprints: readonly string[]; readonly from: string }

/** A machine to log in to, and how. */
export interface SshTarget {
  readonly host: string
  readonly port: number
  /** Absent: the person hil runs for. */
  readonly user: string | undefined
  /** File of a private key; absent: those in ~/.ssh. An agent is asked first. */
  readonly key: string | undefined
  /** What unlocks the key. */
  readonly passphrase?: string | undefined
  readonly password: string | undefined
  readonly hostKeys: HostKeys
  /** Machines to go through, the first one first. */
  readonly jump?: readonly SshTarget[] | undefined
}

/** For messages: `root@10.0.0.7 port 22`. */
export function describeTarget({ host, port }: SshTarget, user: string): string {
  return `${user}@${host} port ${port}`
}

interface Password {
  /** A text only where the environment may have it, as of a board. */
  readonly password?: string | SecretReference | undefined
}

/** What an environment says, with its secrets read. */
export async function sshTarget(
  login: Omit<SshLogin, 'jump' | 'password'> & Partial<Pick<SshLogin, 'jump'>> & Password,
  secret: (reference: SecretReference) => Promise<string>,
): Promise<SshTarget> {
  const { host, port, user, key, passphrase, password, hostKey, jump = [] } = login
  const hops: SshTarget[] = []
  for (const hop of jump) hops.push(await sshTarget(hop, secret))
  return {
    ...{ host, port, user, key, jump: hops },
    passphrase: passphrase && (await secret(passphrase)),
    password: typeof password === 'object' ? await secret(password) : password,
    hostKeys:
      hostKey === 'known-hosts' || hostKey === 'accept-new'
        ? hostKey
        : { fingerprints: [hostKey].flat(), from: '"host-key"' },
  }
}

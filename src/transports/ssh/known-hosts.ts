import { createHmac, randomBytes } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** A host as known_hosts names it. */
export interface KnownHost {
  readonly host: string
  readonly port: number
}

/**
 * What known_hosts files say about the key of a host (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 * @param key as it goes over the wire
 * @returns `unknown` where no line names the host with a key of this type
 */
export function checkKnownHosts(
  text: string,
  host: KnownHost,
  key: Buffer,
): 'known' | 'unknown' | 'changed' | 'revoked' {
  const type = keyType(key)
  let verdict: 'known' | 'unknown' | 'changed' = 'unknown'
  for (const line of linesFor(text, host)) {
    if (line.type !== type) continue
    const isSame = line.key.equals(key)
    if (line.isRevoked) {
      if (isSame) return 'revoked'
    } else if (isSame) verdict = 'known'
    else if (verdict === 'unknown') verdict = 'changed'
  }
  return verdict
}

/** The types of key known of a host: a server has several keys, and shows one of a type it is asked for. */
export function knownKeyTypes(text: string, host: KnownHost): readonly string[] {
  return [...new Set(linesFor(text, host).flatMap(({ type, isRevoked }) => (isRevoked ? [] : [type])))]
}

/** What this person's and this machine's files say, one after the other; those that are not there say nothing. */
export async function readKnownHosts(): Promise<string> {
  const files = [userFile(), '/etc/ssh/ssh_known_hosts']
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.join('\n')
}

/** Writes the key of a host that was not known yet, the name hidden as Debian's ssh hides it. */
export async function addKnownHost(host: KnownHost, key: Buffer): Promise<void> {
  await mkdir(dirname(userFile()), { recursive: true, mode: 0o700 })
  const line = `${hashedName(nameOf(host))} ${keyType(key)} ${key.toString('base64')}\n`
  // Written by hand, its last line may have no end.
  const before = await readFile(userFile(), 'utf8').catch(() => '')
  const end = before === '' || before.endsWith('\n') ? '' : '\n'
  await appendFile(userFile(), end + line, { mode: 0o600 })
}

function userFile(): string {
  return join(homedir(), '.ssh', 'known_hosts')
}

/** The first field of a key as it goes over the wire: `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0))
}

interface Line {
  readonly type: string
  readonly key: Buffer
  readonly isRevoked: boolean
}

function linesFor(text: string, host: KnownHost): readonly Line[] {
  const name = nameOf(host)
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined
    const [hosts = '', type = '', key = ''] = words
    if (hosts.startsWith('#') || marker === '@cert-authority' || !names(hosts.split(','), name)) return []
    return [{ type, key: Buffer.from(key, 'base64'), isRevoked: marker === '@revoked' }]
  })
}

/** The standard port is not written. */
function nameOf({ host, port }: KnownHost): string {
  return port === 22 ? host : `[${host}]:${port}`
}

/** A pattern that is negated and matches rules the line out, whatever else it says. */
function names(patterns: readonly string[], name: string): boolean {
  const [negated, plain] = [true, false].map((isNegated) =>
    patterns.filter((pattern) => pattern.startsWith('!') === isNegated),
  )
  if (negated?.some((pattern) => isHost(pattern.slice(1), name)) === true) return false
  return plain?.some((pattern) => isHost(pattern, name)) === true
}

/** Plain names, patterns with `*` and `?`, and names hidden as `|1|salt|hash`. */
function isHost(pattern: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = pattern.split('|')
  if (version === '1') return hashOf(name, Buffer.from(salt, 'base64')) === hash
  const source = pattern.replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(name)
}

function hashedName(name: string): string {
  const salt = randomBytes(20)
  return `|1|${salt.toString('base64')}|${hashOf(name, salt)}`
}

function hashOf(name: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(name).digest('base64')
}

import { createHmac } from 'node:crypto'

/**
 * What known_hosts files say about the key of a host (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 * @param key as it goes over the wire
 * @returns `unknown` where no line names the host with a key of this type
 */
export function checkKnownHosts(
  text: string,
  { host, port }: { readonly host: string; readonly port: number },
  key: Buffer,
): 'known' | 'unknown' | 'changed' | 'revoked' {
  const name = port === 22 ? host : `[${host}]:${port}`
  const type = key.toString('latin1', 4, 4 + key.readUInt32BE(0))
  let verdict: 'known' | 'unknown' | 'changed' = 'unknown'
  for (const line of text.split(/\r?\n/)) {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined
    const [hosts = '', lineType, lineKey = ''] = words
    if (hosts.startsWith('#') || marker === '@cert-authority' || lineType !== type) continue
    if (!hosts.split(',').some((pattern) => isHost(pattern, name))) continue
    const isSame = Buffer.from(lineKey, 'base64').equals(key)
    if (marker === '@revoked') {
      if (isSame) return 'revoked'
    } else if (isSame) verdict = 'known'
    else if (verdict === 'unknown') verdict = 'changed'
  }
  return verdict
}

/** Plain names, and names hidden as `|1|salt|hash`. Patterns with `*` are not looked into. */
function isHost(pattern: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = pattern.split('|')
  if (version !== '1') return pattern.toLowerCase() === name.toLowerCase()
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

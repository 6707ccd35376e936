import { createHash, randomBytes } from 'node:crypto'

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** A `WWW-Authenticate` header, taken apart. */
interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Node's names of the algorithms of RFC 7616, the best first. */
const digests: Readonly<Record<string, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
}

/**
 * The `Authorization` that answers the challenges of a server: the best digest (RFC 7616, RFC 2617) it offers,
 * or else the password as it is (RFC 7617).
 * @param headers all `WWW-Authenticate` headers
 * @returns `undefined` where the server asks for something else
 */
export function answerChallenge(
  headers: readonly string[],
  { method, path }: { readonly method: string; readonly path: string },
  credentials: Credentials,
): string | undefined {
  const challenges = headers.flatMap(parseChallenges)
  for (const algorithm of Object.keys(digests)) {
    const challenge = challenges.find(
      ({ scheme, parameters }) =>
        scheme === 'digest' && (parameters['algorithm'] ?? 'MD5').toUpperCase() === algorithm,
    )
    if (challenge !== undefined) return digest(challenge.parameters, algorithm, { method, path }, credentials)
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? basic(credentials) : undefined
}

function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function digest(
  { realm = '', nonce = '', opaque, qop, algorithm }: Challenge['parameters'],
  name: string,
  { method, path }: { readonly method: string; readonly path: string },
  { user, password }: Credentials,
): string {
  const hash = (text: string) =>
    createHash(digests[name] ?? 'md5')
      .update(text)
      .digest('hex')
  const secret = hash(`${user}:${realm}:${password}`)
  const request = hash(`${method}:${path}`)
  // Every nonce is used once: an answer of ours asks anew.
  const [count, own] = ['00000001', randomBytes(8).toString('hex')]
  const isOld = qop === undefined
  const response = isOld
    ? hash(`${secret}:${nonce}:${request}`)
    : hash(`${secret}:${nonce}:${count}:${own}:auth:${request}`)
  return [
    `Digest username="${escape(user)}", realm="${escape(realm)}", nonce="${escape(nonce)}"`,
    `uri="${path}", response="${response}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque="${escape(opaque)}"`]),
    ...(isOld ? [] : [`qop=auth, nc=${count}, cnonce="${own}"`]),
  ].join(', ')
}

function escape(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&')
}

/** One header may hold several challenges, divided by the commas that also divide their parameters. */
function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  const tokens = /([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g
  for (const [, name = '', quoted, plain] of header.matchAll(tokens)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: {} })
    else Object.assign(challenges.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value })
  }
  return challenges
}

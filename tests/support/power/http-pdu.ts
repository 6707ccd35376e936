import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a device of the test sees it. */
export interface PduRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

export interface PduAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text, or what is sent as JSON. */
  readonly body?: unknown
}

/** How a device speaks: the part that differs from one family to the other. */
export interface Dialect {
  /** Who has to log in, and how. */
  readonly login?: {
    readonly user: string
    readonly scheme: 'basic' | 'MD5' | 'SHA-256'
    readonly password?: string
  }
  answer(request: PduRequest, outlets: Outlets): PduAnswer
  /** What it says with status 200 when it did not do what it was asked for. */
  readonly failure: unknown
}

/** The outlets of a device, by the number or name that the device itself uses. */
export interface Outlets {
  has(id: string | number): boolean
  isOn(id: string | number): boolean
  /** A device that lies leaves them as they are. */
  set(id: string | number, on: boolean): void
  readonly ids: readonly string[]
}

export const pduPassword = 'hunter2 "quoted", with a comma'

/** A power switch with a web server, on a port of the loopback interface. */
export interface HttpPdu extends AsyncDisposable {
  readonly url: string
  readonly outlets: Outlets
  /** What was asked, for messages of failed tests. */
  readonly requests: readonly string[]
  mode: 'well' | 'hangs' | 'lies' | 'fails'
}

export async function startHttpPdu(dialect: Dialect, ids: readonly (string | number)[]): Promise<HttpPdu> {
  const states = new Map(ids.map((id) => [String(id), false]))
  const requests: string[] = []
  const outlets: Outlets = {
    has: (id) => states.has(String(id)),
    isOn: (id) => states.get(String(id)) ?? false,
    set: (id, on) => {
      if (pdu.mode !== 'lies' && states.has(String(id))) states.set(String(id), on)
    },
    ids: ids.map(String),
  }
  const nonces = new Set<string>()
  const server = createServer((message, response) => {
    void read(message).then((request) => {
      requests.push(`${request.method} ${message.url}`)
      if (pdu.mode === 'hangs') return
      const refusal = refuseLogin(dialect, request, message.url ?? '', nonces)
      if (refusal !== undefined) return send(response, refusal)
      if (pdu.mode === 'fails') return send(response, { body: dialect.failure })
      send(response, dialect.answer(request, outlets))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const pdu: HttpPdu = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    outlets,
    requests,
    mode: 'well',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return pdu
}

async function read(message: IncomingMessage): Promise<PduRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  const { pathname, searchParams } = new URL(message.url ?? '', 'http://pdu')
  return {
    method: message.method ?? '',
    path: pathname,
    query: searchParams,
    body: Buffer.concat(chunks).toString(),
    headers: message.headers,
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: PduAnswer): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
}

function refuseLogin(
  { login }: Dialect,
  { method, headers }: PduRequest,
  uri: string,
  nonces: Set<string>,
): PduAnswer | undefined {
  if (login === undefined) return undefined
  const { user, scheme, password = pduPassword } = login
  const said = headers.authorization ?? ''
  if (scheme === 'basic') {
    const right = Buffer.from(`${user}:${password}`).toString('base64')
    if (said === `Basic ${right}`) return undefined
    return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="PDU"' }, body: 'who are you?' }
  }
  if (isRightDigest(said, { user, password, method, uri, scheme, nonces })) return undefined
  const nonce = randomBytes(8).toString('hex')
  nonces.add(nonce)
  const challenge = `Digest realm="a \\"PDU\\", it says", qop="auth", nonce="${nonce}", opaque="x", algorithm=${scheme}`
  return { status: 401, headers: { 'WWW-Authenticate': challenge }, body: 'who are you?' }
}

interface Login {
  readonly user: string
  readonly password: string
  readonly method: string
  readonly uri: string
  readonly scheme: string
  readonly nonces: Set<string>
}

/** RFC 7616, 3.4: computed from what the client says, independent of how our client does it. */
function isRightDigest(header: string, { user, password, method, uri, scheme, nonces }: Login): boolean {
  const field = (name: string) =>
    new RegExp(`(?:^|[ ,])${name}="?((?:[^",\\\\]|\\\\.)*)`).exec(header)?.[1] ?? ''
  const hash = (text: string) =>
    createHash(scheme === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const nonce = field('nonce')
  if (!nonces.delete(nonce) || field('username') !== user || field('uri') !== uri) return false
  const secret = hash(`${user}:a "PDU", it says:${password}`)
  const expected = hash(
    [secret, nonce, field('nc'), field('cnonce'), 'auth', hash(`${method}:${uri}`)].join(':'),
  )
  return field('response') === expected
}

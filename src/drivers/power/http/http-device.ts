import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { z } from 'zod'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { exchange } from '../exchange.ts'
import { readCertificate } from '../read-certificate.ts'
import { loginRefused, noOutlet, quoted, refused, unexpectedAnswer, unreachable } from '../power-errors.ts'
import { answerChallenge, type Credentials } from './authorization.ts'
import type { HttpOptions } from './options.ts'

export interface HttpRequest {
  /** @default GET */
  readonly method?: string
  /** With its query, relative to the address of the device. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** A body that is sent as JSON. */
  readonly json?: unknown
  /** What there is none of where the status is 404. */
  readonly outlet?: string | number
  /** Statuses beside 2xx that are an answer too. */
  readonly alsoAnswers?: readonly number[]
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
  /** The body, which must be JSON of this form. @throws HilError `power.unexpected-answer` (infrastructure) */
  as<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
}

/** A power switch that is asked over HTTP, by the name that messages call it. */
export interface HttpDevice {
  readonly name: string
  /**
   * @throws HilError `power.unreachable`, `power.timeout`, `power.refused` (infrastructure),
   *   `power.login-refused`, `power.no-outlet`, `power.not-found` (environment)
   */
  request(request: HttpRequest, t: Deadline): Promise<HttpAnswer>
}

/**
 * Made on node:http and not on `fetch`, which knows no certificates but those of the system, keeps connections
 * that small devices have few of, and does not talk to all ports.
 * @param kind what the device is, as in "the Shelly"
 */
export async function openHttpDevice(
  kind: string,
  { url, user = 'admin', password, ca, insecure, timeout }: HttpOptions,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<HttpDevice> {
  const base = new URL(url.endsWith('/') ? url : `${url}/`)
  const name = `${kind} at ${base.host}`
  const credentials = password && { user, password: await secret(password) }
  const tls = {
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca: await readCertificate(ca) }),
  }
  return {
    name,
    request: (request, t) =>
      exchange({ name, timeoutMs: timeout }, t, (own) =>
        answerTo(request, { name, base, credentials, tls }, own.signal),
      ),
  }
}

interface Target {
  readonly name: string
  readonly base: URL
  readonly credentials: Credentials | undefined
  readonly tls: RequestOptions
}

async function answerTo(request: HttpRequest, target: Target, signal: AbortSignal): Promise<HttpAnswer> {
  const { name, base, credentials } = target
  const { method = 'GET', alsoAnswers = [] } = request
  const url = new URL(request.path.replace(/^\//, ''), base)
  let response = await send(request, url, target, signal)
  if (response.status === 401 && credentials !== undefined) {
    const path = url.pathname + url.search
    const authorization = answerChallenge(response.challenges, { method, path }, credentials)
    if (authorization !== undefined) {
      const headers = { ...request.headers, Authorization: authorization }
      response = await send({ ...request, headers }, url, target, signal)
    }
  }
  const { status, text } = response
  const isAnswer = (status >= 200 && status < 300) || alsoAnswers.includes(status)
  if (!isAnswer) throw failure(name, { ...request, method, path: url.pathname }, response)
  return { status, text, as: (schema) => parseAs(schema, name, text) }
}

interface Response {
  readonly status: number
  readonly text: string
  readonly challenges: readonly string[]
}

async function send(
  { method = 'GET', headers = {}, body, json }: HttpRequest,
  url: URL,
  { name, tls }: Target,
  signal: AbortSignal,
): Promise<Response> {
  const isSecure = url.protocol === 'https:'
  const { request } = isSecure ? await import('node:https') : await import('node:http')
  const content = json === undefined ? body : JSON.stringify(json)
  const kind = json === undefined ? {} : { 'Content-Type': 'application/json' }
  const length = content === undefined ? {} : { 'Content-Length': Buffer.byteLength(content) }
  const options = {
    method,
    signal,
    // A connection for each request: many devices serve one at a time.
    agent: false,
    headers: { Accept: '*/*', ...kind, ...length, ...headers },
    ...(isSecure ? tls : {}),
  }
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, options, resolve).on('error', reject).end(content)
    })
    const text = await readText(response)
    const challenges = response.headersDistinct['www-authenticate'] ?? []
    return { status: response.statusCode ?? 0, text, challenges }
  } catch (error) {
    throw error instanceof HilError || signal.aborted ? (signal.reason ?? error) : unreachable(name, error)
  }
}

/** More than any of these devices has to say. */
const longestAnswer = 1 << 20

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > longestAnswer) throw new Error(`its answer is longer than ${longestAnswer} bytes`)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failure(
  name: string,
  { method = 'GET', path, outlet }: HttpRequest,
  { status, text }: Response,
): HilError {
  const said = `HTTP status ${status}, ${quoted(text)}`
  if (status === 401 || status === 403) return loginRefused(name, said)
  if (status !== 404) return refused(name, `answer ${method} ${path}`, said)
  if (outlet !== undefined) return noOutlet(name, outlet, said)
  return new HilError('power.not-found', `${name} has no ${path} (${said})`, {
    blame: 'environment',
    details: { device: name, path, status },
  })
}

function parseAs<Schema extends z.ZodType>(schema: Schema, name: string, text: string): z.output<Schema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unexpectedAnswer(name, text)
  }
  const { success, data } = schema.safeParse(value)
  if (!success) throw unexpectedAnswer(name, text)
  return data
}

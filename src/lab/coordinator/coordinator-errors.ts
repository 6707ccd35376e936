import { status, type ServiceError } from '@grpc/grpc-js'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError, messageOf } from '../../core/errors.ts'

/** Where a coordinator is, and whether it is spoken to under TLS. */
interface Target {
  readonly address: string
  readonly isSecure: boolean
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error
}

/** What went wrong with a coordinator as a whole: nothing of it can be used. */
export function connectionError({ address, isSecure }: Target, cause: unknown): HilError {
  const details = plainWords(isServiceError(cause) ? cause.details : messageOf(cause))
  const say = (code: string, blame: 'environment' | 'infrastructure', sentence: string) =>
    new HilError(`coordinator.${code}`, sentence, {
      blame,
      details: { coordinator: address, details },
      cause,
    })
  if (isServiceError(cause) && cause.code === status.UNIMPLEMENTED) {
    return say(
      'protocol',
      'environment',
      `what answers at ${address} is no coordinator that hil understands: it speaks gRPC, but not what labgrid 25 and 26 do (${details}); use a hil and a labgrid of the same time`,
    )
  }
  if (isSecure && /wrong version number/i.test(details)) {
    return say(
      'tls',
      'environment',
      `what answers at ${address} speaks no TLS, as a coordinator does by itself; take out "tls" (--tls, --ca), or name the port of what speaks TLS for it`,
    )
  }
  if (isSecure && /certificate|self.signed|altname|SSL|TLS|EPROTO|wrong version/i.test(details)) {
    return say(
      'tls',
      'environment',
      `the coordinator at ${address} and hil can't agree on TLS: ${details}; ${wantsCertificate(details) ? 'name yours as "tls: { certificate: FILE, key: FILE }"' : 'correct "tls", or name the certificate of who signed it as "tls: { ca: FILE }" (--ca FILE)'}`,
    )
  }
  if (/Protocol error|parse error|HPE_|ERR_HTTP2|Expected HTTP/i.test(details)) {
    return say(
      'protocol',
      'environment',
      `what answers at ${address} does not speak gRPC (${details}): labgrid before release 25 had another coordinator; bring it up to date, or correct the address`,
    )
  }
  // What grpc-js can't decode it reports as this.
  if (/message parsing error/i.test(details)) {
    return say(
      'protocol',
      'environment',
      `what answers at ${address} is no coordinator that hil understands: it speaks gRPC, but its messages are not those of labgrid 25 and 26 (${details}); use a hil and a labgrid of the same time`,
    )
  }
  if (isServiceError(cause) && cause.code !== status.UNAVAILABLE) {
    return say(
      'unreachable',
      'infrastructure',
      `the coordinator at ${address} refuses to talk to hil: ${details} (${status[cause.code]}); its own log may say more, and whether it is of another time than labgrid 25 and 26`,
    )
  }
  if (!isServiceError(cause)) {
    return say(
      'unreachable',
      'infrastructure',
      `the coordinator at ${address} hung up: ${details}; it is being stopped, or of another time than labgrid 25 and 26`,
    )
  }
  const hint = isSecure ? '' : ', or wants TLS ("tls: true", --tls)'
  return say(
    'unreachable',
    'infrastructure',
    `no coordinator of labgrid answers at ${address}: ${details}; it is not running, or somewhere else${hint}${proxyHint(address)}`,
  )
}

/** For those whose labgrid-client goes through a host in between. */
function proxyHint(address: string): string {
  const proxy = process.env['LG_PROXY'] ?? ''
  if (proxy === '') return ''
  const [, port = '20408'] = /:(\d+)$/.exec(address) ?? []
  return `; hil does not go through $LG_PROXY: "ssh -N -L ${port}:${address} ${proxy}" brings it to 127.0.0.1:${port}`
}

/** It took the connection, or nobody says that there is none. */
export function silentError({ address }: Pick<Target, 'address'>, cause: unknown, t: Deadline): unknown {
  if (!isDeadlineExceeded(cause)) return cause
  const waited = formatDuration(t.chain().at(-1)?.budgetMs ?? 0)
  return new HilError(
    'coordinator.unreachable',
    `no coordinator of labgrid answers at ${address}: nothing came within ${waited}; it hangs, is something else, or a firewall drops what is sent there${proxyHint(address)}`,
    { blame: 'infrastructure', details: { coordinator: address }, cause },
  )
}

/** What a coordinator said to one request. */
export function requestError(address: string, request: string, cause: ServiceError): HilError {
  const name = status[cause.code]
  return new HilError(
    'coordinator.refused',
    `the coordinator at ${address} refused to ${request}: ${cause.details} (${name})`,
    // Its own words are all that the error of gRPC has.
    { blame: 'infrastructure', details: { coordinator: address, status: name } },
  )
}

/** OpenSSL's alert for that. */
function wantsCertificate(details: string): boolean {
  return /certificate required|handshake failure/i.test(details)
}

/** grpc-js and OpenSSL wrap what the system said, and leave room for what the resolver of names did not say. */
function plainWords(details: string): string {
  const [, last = details] = /^No connection established\. Last error: (.*)$/s.exec(details) ?? []
  return last
    .replace(/^Error(?: \[\w+\])?: /, '')
    .replace(/\s*\(\d{4}-\d\d-\d\dT[\d:.]+Z\)/, '')
    .replace(/^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):.*$/s, '$1')
    .replace(/\.? ?Resolution note: *$/, '')
    .trim()
}

import { isIPv6 } from 'node:net'
import type { Session } from 'net-snmp'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { messageOf } from '../../../core/errors.ts'
import { exchange } from '../exchange.ts'
import { loginRefused, noOutlet, refused, unreachable } from '../power-errors.ts'
import type { SnmpOptions } from './options.ts'

export interface SnmpValue {
  readonly type: 'Integer' | 'OctetString' | 'Gauge'
  readonly value: number | string
}

/** An SNMP agent, by the name that messages call it. Errors name `outlet` where there is no such object. */
export interface SnmpDevice {
  readonly name: string
  /** A number, or the text of octets. */
  get(oid: string, outlet: string | number, t: Deadline): Promise<number | string>
  set(oid: string, value: SnmpValue, outlet: string | number, t: Deadline): Promise<void>
}

/** UDP loses packets: a question is asked again after this time, as long as there is time. */
const repeatMs = 1000

/** @param kind what the device is, as in "the APC" */
export async function openSnmpDevice(
  kind: string,
  options: SnmpOptions,
  context: Pick<DriverContext, 'secret'>,
): Promise<SnmpDevice> {
  const { host, port, user, timeout } = options
  const name = `${kind} at ${host}${port === 161 ? '' : `:${port}`}`
  const createSession = await sessionFactory(options, context)
  // There is no other answer to these.
  const wrong = user === undefined ? 'community' : 'privacy password'
  const peer = { name, timeoutMs: timeout, whySilent: `it is silent too where the ${wrong} is wrong` }

  /** A session for each question: closing it is the only way to stop it. */
  const ask = <T>(t: Deadline, question: (session: Session) => Promise<T>) =>
    exchange(peer, t, async (own) => {
      const session = createSession()
      const broken = new Promise<never>((_, reject) =>
        session.on('error', (error) => reject(unreachable(name, error))),
      )
      broken.catch(() => undefined)
      try {
        return await own.race(Promise.race([question(session), broken]))
      } finally {
        session.close()
      }
    })

  return {
    name,
    get: (oid, outlet, t) =>
      ask(t, async (session) => {
        const value = await getValue(session, oid).catch((error: unknown) => {
          throw explain(name, `tell ${oid}`, outlet, error)
        })
        if (value === undefined) throw noOutlet(name, outlet, `no object ${oid}`)
        return value
      }),
    set: (oid, value, outlet, t) =>
      ask(t, (session) =>
        setValue(session, oid, value).catch((error: unknown) => {
          throw explain(name, `set ${oid} to ${value.value}`, outlet, error)
        }),
      ),
  }
}

async function sessionFactory(
  { host, port, version, community, user, auth, privacy, context: contextName }: SnmpOptions,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<() => Session> {
  const snmp = await import('net-snmp')
  const transport = isIPv6(host) ? ('udp6' as const) : ('udp4' as const)
  const settings = { port, transport, retries: Infinity, timeout: repeatMs, backoff: 1 }
  if (user === undefined) {
    const password = community === undefined ? 'private' : await secret(community)
    const number = version === '2c' ? snmp.Version2c : snmp.Version1
    return () => snmp.createSession(host, password, { ...settings, version: number })
  }
  const { SecurityLevel: level, AuthProtocols, PrivProtocols } = snmp
  const who = {
    name: user,
    level:
      privacy !== undefined ? level.authPriv : auth !== undefined ? level.authNoPriv : level.noAuthNoPriv,
    ...(auth && { authProtocol: AuthProtocols[auth.protocol], authKey: await secret(auth.password) }),
    ...(privacy && {
      privProtocol: PrivProtocols[privacy.protocol],
      privKey: await secret(privacy.password),
    }),
  }
  return () => snmp.createV3Session(host, who, { ...settings, version: snmp.Version3, context: contextName })
}

async function getValue(session: Session, oid: string): Promise<number | string | undefined> {
  const { isVarbindError } = await import('net-snmp')
  return new Promise((resolve, reject) => {
    session.get([oid], (error, [varbind] = []) => {
      if (error !== null) return reject(error)
      if (varbind === undefined || isVarbindError(varbind)) return resolve(undefined)
      const { value } = varbind
      resolve(typeof value === 'number' ? value : String(value))
    })
  })
}

async function setValue(session: Session, oid: string, { type, value }: SnmpValue): Promise<void> {
  const { ObjectType } = await import('net-snmp')
  await new Promise<void>((resolve, reject) => {
    session.set([{ oid, type: ObjectType[type], value }], (error) => {
      if (error === null) resolve()
      else reject(error)
    })
  })
}

/** RFC 1157 and RFC 3416: which error says that there is no such object depends on version and agent. */
const noObject: readonly unknown[] = ['NoSuchName', 'NoCreation', 'NotWritable', 'InconsistentName']
const noRights: readonly unknown[] = ['NoAccess', 'AuthorizationError', 'ReadOnly']

function explain(name: string, what: string, outlet: string | number, error: unknown): Error {
  const { status } = error as { status?: number }
  const said = messageOf(error)
  const code = status === undefined ? undefined : errorNames[status]
  if (noObject.includes(code)) return noOutlet(name, outlet, `${what}: ${said}`)
  if (noRights.includes(code)) return loginRefused(name, said)
  if (status !== undefined) return refused(name, what, said)
  return /digest|user name|security level|decryption/i.test(said)
    ? loginRefused(name, said)
    : unreachable(name, error)
}

/** RFC 3416, 3: the error statuses that are not a fault of the device. */
const errorNames: Readonly<Record<number, string>> = {
  2: 'NoSuchName',
  4: 'ReadOnly',
  6: 'NoAccess',
  11: 'NoCreation',
  16: 'AuthorizationError',
  17: 'NotWritable',
  18: 'InconsistentName',
}

import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { loginRefused, noOutlet, refused, unexpectedAnswer } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

/** OpenWrt, "ubus": JSON-RPC, whose result begins with a status of ubus. */
const rpcAnswer = z.union([
  z.object({ error: z.object({ code: z.int(), message: z.string().default('') }) }),
  z.object({ result: z.tuple([z.int()]).rest(z.unknown()) }),
])
const accessDenied = -32002
/** Statuses of ubus (ubusmsg.h). */
const [done, invalidArgument, permissionDenied] = [0, 2, 6]

const login = z.object({ ubus_rpc_session: z.string() })
/** What realtek-poe says of a port is a map; its predecessors said the status alone. */
const poeInfo = z.object({
  ports: z.record(
    z.string(),
    z.union([z.string(), z.object({ status: z.string() }).transform(({ status }) => status)]),
  ),
})
/** The session of who has not logged in. */
const nobody = '0'.repeat(32)

export const openwrtPoePower = definePowerSwitch({
  name: 'openwrt-poe',
  summary: 'A port of a PoE switch that runs OpenWrt (realtek-poe), over ubus and HTTP.',
  schema: z.strictObject({
    ...httpOptions,
    port: z
      .string()
      .min(1)
      .describe('The port, as OpenWrt names it.')
      .meta({ examples: ['lan3'] }),
  }),
  resources: ({ url, port }) => [`outlet:${hostOf(url)}/${port}`],
  async open({ port, user = 'root', password, ...options }, context) {
    const openwrt = await openHttpDevice('the OpenWrt switch', { ...options, user, password }, context)
    const secret = password && (await context.secret(password))

    const call = async (session: string, object: string, method: string, message: object, t: Deadline) => {
      const json = { jsonrpc: '2.0', id: 1, method: 'call', params: [session, object, method, message] }
      const answer = (await openwrt.request({ method: 'POST', path: '/ubus', json }, t)).as(rpcAnswer)
      if ('error' in answer) {
        const { code, message: said } = answer.error
        if (code === accessDenied) throw loginRefused(openwrt.name, said)
        throw refused(openwrt.name, `${object} ${method}`, `error ${code}, ${said}`)
      }
      const [status, data] = answer.result
      if (status === permissionDenied) throw loginRefused(openwrt.name, `ubus status ${status}`)
      if (status === invalidArgument) throw noOutlet(openwrt.name, port, `ubus status ${status}`)
      if (status !== done) throw refused(openwrt.name, `${object} ${method}`, `ubus status ${status}`)
      return data
    }
    const poe = async (method: string, message: object, t: Deadline) => {
      if (secret === undefined) return call(nobody, 'poe', method, message, t)
      const answer = await call(nobody, 'session', 'login', { username: user, password: secret }, t)
      const { data: session } = login.safeParse(answer)
      if (session === undefined) throw unexpectedAnswer(openwrt.name, 'no session')
      return call(session.ubus_rpc_session, 'poe', method, message, t)
    }
    return switchOf(
      (on, t) => poe('manage', { port, enable: on }, t),
      async (t) => {
        const answer = await poe('info', {}, t)
        const { data: info } = poeInfo.safeParse(answer)
        if (info === undefined) throw unexpectedAnswer(openwrt.name, answer)
        const status = info.ports[port]
        if (status === undefined)
          throw noOutlet(openwrt.name, port, `it has ${Object.keys(info.ports).join(', ')}`)
        return status === 'unknown' ? undefined : status !== 'Disabled'
      },
    )
  },
})

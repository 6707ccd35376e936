import { pduPassword, type Dialect, type Outlets } from './http-pdu.ts'

/** The devices that tests stand in for. What they say is from the documents of who makes them. */

const on = (value: string | null | undefined) => value === '1' || value === 'on' || value === 'true'

export const shellyGen1: Dialect = {
  login: { user: 'admin', scheme: 'basic' },
  answer({ path, query, body }, outlets) {
    const [, relay = ''] = /^\/relay\/(\d+)$/.exec(path) ?? []
    if (!outlets.has(relay)) return { status: 404, body: 'Not Found' }
    const turn = query.get('turn') ?? new URLSearchParams(body).get('turn')
    if (turn !== null) outlets.set(relay, turn === 'on')
    return { body: { ison: outlets.isOn(relay), has_timer: false, overpower: false, source: 'http' } }
  },
  failure: 'Bad turn!',
}

export const shelly: Dialect = {
  login: { user: 'admin', scheme: 'SHA-256' },
  answer({ path, body }, outlets) {
    if (path !== '/rpc') return { status: 404, body: '' }
    const { id, method, params } = JSON.parse(body) as {
      id: number
      method: string
      params: { id: number; on?: boolean }
    }
    const frame = { id, src: 'shellyplus1pm-a8032ab12345' }
    if (!outlets.has(params.id)) {
      return {
        body: { ...frame, error: { code: -105, message: `Argument 'id', value ${params.id} not found!` } },
      }
    }
    const was = outlets.isOn(params.id)
    if (method === 'Switch.Set') {
      outlets.set(params.id, params.on === true)
      return { body: { ...frame, result: { was_on: was } } }
    }
    return {
      body: {
        ...frame,
        result: { id: params.id, source: 'HTTP_in', output: was, temperature: { tC: 47.3 } },
      },
    }
  },
  failure: {
    id: 1,
    src: 'shellyplus1pm-a8032ab12345',
    error: { code: -109, message: 'Overpower condition present!' },
  },
}

export const tasmota: Dialect = {
  answer({ path, query }, outlets) {
    if (path !== '/cm') return { status: 404, body: 'File Not Found' }
    if (query.get('user') !== 'admin' || query.get('password') !== pduPassword) {
      return { body: { WARNING: 'Need user=<username>&password=<password>' } }
    }
    const [, relay = '', argument = ''] = /^Power(\d*) ?(on|off)?$/i.exec(query.get('cmnd') ?? '') ?? []
    if (!outlets.has(relay)) return { body: { WARNING: 'Enable weblog 2 if response expected' } }
    // What is said is what was asked for: only a question afterwards tells a relay that sticks.
    if (argument !== '') outlets.set(relay, argument.toLowerCase() === 'on')
    const state = argument === '' ? (outlets.isOn(relay) ? 'ON' : 'OFF') : argument.toUpperCase()
    return { body: { [`POWER${relay}`]: state } }
  },
  failure: { Command: 'Error' },
}

export const netio: Dialect = {
  login: { user: 'admin', scheme: 'basic' },
  answer({ path, method, body }, outlets) {
    if (path !== '/netio.json') return { status: 404, body: '' }
    if (method === 'POST') {
      const { Outputs } = JSON.parse(body) as { Outputs: { ID: number; Action: number }[] }
      for (const { ID, Action } of Outputs) outlets.set(ID, Action === 1)
    }
    const document = outlets.ids.map((id) => ({
      ...{ ID: Number(id), Name: `output_${id}`, State: outlets.isOn(id) ? 1 : 0, Action: 6, Delay: 5000 },
    }))
    return { body: { Agent: { Model: 'NETIO 4All', Version: '3.4.0', JSONVer: '2.1' }, Outputs: document } }
  },
  failure: { result: { error: { code: 400, message: 'Bad Request' } } },
}

export const gude: Dialect = {
  login: { user: 'admin', scheme: 'basic' },
  answer({ path, query }, outlets) {
    if (path !== '/status.json') return { status: 404, body: '' }
    if (query.get('cmd') === '1') outlets.set(query.get('p') ?? '', on(query.get('s')))
    if (query.get('components') === '0') return { body: '{}' }
    const outputs = outlets.ids.map((id) => ({
      name: `Power Port ${id}`,
      state: outlets.isOn(id) ? 1 : 0,
      type: 1,
    }))
    return { body: { outputs } }
  },
  failure: '<html><body>Device is blocked by another user with IP 10.0.0.7</body></html>',
}

export const digitalLoggers: Dialect = {
  login: { user: 'admin', scheme: 'MD5' },
  answer({ path, method, body, headers }, outlets) {
    const [, outlet = ''] = /^\/restapi\/relay\/outlets\/=(\d+)\/state\/$/.exec(path) ?? []
    if (!outlets.has(outlet)) return { status: 404, body: { error: 'not found' } }
    if (method === 'PUT') {
      if (headers['x-csrf'] === undefined) return { status: 400, body: 'X-CSRF header missing' }
      outlets.set(outlet, on(new URLSearchParams(body).get('value')))
      return { status: 204 }
    }
    return { body: [outlets.isOn(outlet)] }
  },
  failure: { error: 'busy' },
}

/** Whether it says of a port what realtek-poe says, or what its predecessors said and labgrid knows. */
export function openwrt(form: 'map' | 'text'): Dialect {
  const session = 'c1ed6c7b025d0caca723a816fa61b668'
  return {
    answer({ path, body }, outlets) {
      if (path !== '/ubus') return { status: 404, body: '' }
      const { id, params } = JSON.parse(body) as {
        id: number
        params: [
          string,
          string,
          string,
          { username?: string; password?: string; port?: string; enable?: boolean },
        ]
      }
      const [who, object, method, message] = params
      const result = (...values: unknown[]) => ({ body: { jsonrpc: '2.0', id, result: values } })
      if (object === 'session') {
        const isRight = message.username === 'root' && message.password === pduPassword
        return isRight ? result(0, { ubus_rpc_session: session, timeout: 300 }) : result(6)
      }
      // labgrid knows no login: a switch it works with lets everybody in.
      if (form === 'map' && who !== session) {
        return { body: { jsonrpc: '2.0', id, error: { code: -32002, message: 'Access denied' } } }
      }
      if (method === 'info') return result(0, { firmware: 'v17.1', budget: 77, ports: ports(outlets, form) })
      if (!outlets.has(message.port ?? '')) return result(2)
      outlets.set(message.port ?? '', message.enable === true)
      return result(0)
    },
    failure: { jsonrpc: '2.0', id: 1, result: [9] },
  }
}

function ports(outlets: Outlets, form: 'map' | 'text'): object {
  const entries = outlets.ids.map((port) => {
    const status = outlets.isOn(port) ? 'Delivering power' : 'Disabled'
    return [port, form === 'text' ? status : { priority: 2, mode: 'PoE+', status, consumption: 2.3 }]
  })
  return Object.fromEntries(entries) as object
}

/** A relay of somebody's own: PUT switches, GET reads, errors come with status 200. */
export const homeMade: Dialect = {
  login: { user: 'admin', scheme: 'basic' },
  answer({ path, method, body }, outlets) {
    const [, relay = ''] = /^\/relay\/(\d+)\/value$/.exec(path) ?? []
    if (!outlets.has(relay)) return { status: 404, body: 'no such relay' }
    if (method === 'PUT') outlets.set(relay, body === '1')
    return { body: method === 'PUT' ? 'done' : outlets.isOn(relay) ? '1' : '0' }
  },
  failure: 'Error: relay driver not responding',
}

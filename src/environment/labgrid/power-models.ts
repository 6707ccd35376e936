/** A power switch of ours, as an environment writes it. */
export interface PowerSection {
  readonly driver: string
  readonly [option: string]: unknown
}

/** How a model of labgrid's NetworkPowerPort is reached: at a host, and which of its outlets. */
type Model = (host: string, index: number) => PowerSection

const eaton = '1.3.6.1.4.1.534.6.6.7.6.6.1'
const sentry = '1.3.6.1.4.1.1718.3.2.3.1'

/** The models that hil has a driver for, or can be told to speak to (labgrid 26, labgrid/driver/power). */
const models: Readonly<Record<string, Model>> = {
  apc: (host, outlet) => ({ driver: 'apc', host, outlet, generation: 'masterswitch' }),
  digitalloggers_http: (url, outlet) => ({
    ...rest(url, outlet),
    on: { path: '/outlet?{outlet}=ON' },
    off: { path: '/outlet?{outlet}=OFF' },
  }),
  digitalloggers_restapi: (url, index) => ({
    ...{ driver: 'digital-loggers', url, outlet: index + 1 },
    // labgrid asks for no certificate.
    ...(url.startsWith('https:') && { insecure: true }),
  }),
  eaton: (host, outlet) => ({
    ...{ driver: 'snmp', host },
    ...{ oid: `${eaton}.4.0.${outlet}`, on: 1, 'off-oid': `${eaton}.3.0.${outlet}`, off: 1 },
    state: { oid: `${eaton}.2.0.${outlet}`, on: [1, 3], off: [0, 2] },
  }),
  eth008: (host, outlet) => ({
    ...rest(host, outlet),
    ...byGet('/io.cgi?DOA{outlet}', '/io.cgi?DOI{outlet}'),
    state: { path: '/io.cgi?relay', ...digits(String.raw`^\S{1,40}\s{1,4}\S{${outlet - 1}}`) },
  }),
  gude8031: (host, port) => ({ driver: 'gude', url: addressOf(host), port }),
  gude8225: (host, outlet) => ({
    ...rest(host, outlet),
    ...byGet('/ov.html?cmd=1&p={outlet}&s=1', '/ov.html?cmd=1&p={outlet}&s=0'),
    state: {
      ...{ path: '/statusjsn.js?components=1', pointer: `/outputs/${outlet - 1}/state` },
      ...{ on: '^(?:1|true)$', off: '^(?:0|false)$' },
    },
  }),
  netio: (host, outlet) => {
    const control = (action: string) =>
      `/tgi/control.tgi?l=p:admin:admin&p=${'u'.repeat(outlet - 1)}${action}${'u'.repeat(Math.max(0, 4 - outlet))}`
    return {
      ...rest(host, outlet),
      ...byGet(control('1'), control('0')),
      state: {
        path: '/tgi/control.tgi?l=p:admin:admin&p=l',
        ...digits(String.raw`(?<!\d)(?:\d ){${outlet - 1}}`),
      },
    }
  },
  pe6216: (host, outlet) => {
    const login = 'usr=administrator&pwd=password&index={outlet}'
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const set = (method: string) => ({
      path: '/api/outlet/relay',
      headers,
      body: `${login}&method=${method}`,
    })
    return {
      ...rest(host, outlet),
      ...{ on: set('on'), off: set('off') },
      state: {
        path: `/api/outlet/relay?${login}`,
        headers,
        on: String.raw`<\d{1,3}>ON`,
        off: String.raw`<\d{1,3}>OFF`,
      },
    }
  },
  poe_mib: (host, port) => ({ driver: 'snmp-poe', host, interface: port }),
  raritan: (host, outlet) => ({ driver: 'raritan', host, outlet }),
  rest: (address, outlet) => {
    const { url, path } = splitUrl(address.replaceAll('{index}', '{outlet}'))
    const set = (body: string) => ({ method: 'PUT', path, body })
    return { ...rest(url, outlet), on: set('1'), off: set('0'), state: { path, on: '^1$', off: '^0$' } }
  },
  sentry: (host, outlet) => {
    const object = `1.${Math.ceil(outlet / 8)}.${((outlet - 1) % 8) + 1}`
    return {
      ...{ driver: 'snmp', host, oid: `${sentry}.11.${object}`, on: 1, off: 2 },
      state: { oid: `${sentry}.10.${object}`, on: [3, 5], off: [4] },
    }
  },
  shelly_gen1: (url, relay) => ({ driver: 'shelly-gen1', url, relay }),
  shelly_gen2: (url, number) => ({ driver: 'shelly', url, switch: number }),
  simplerest: (address, outlet) => {
    const { url, path } = splitUrl(address.replaceAll('{index}', '{outlet}'))
    const at = (value: string) => path.replaceAll('{value}', value)
    return {
      ...rest(url, outlet),
      ...byGet(at('1'), at('0')),
      state: { path: at('').replace(/(?<=.)\/$/, ''), on: '^1$', off: '^0$' },
    }
  },
  tinycontrol: (url, outlet) => ({
    ...rest(url, outlet),
    ...byGet('/outs.cgi?out{outlet}=1', '/outs.cgi?out{outlet}=0'),
    state: { path: '/st0.xml', on: `<out${outlet}>1<`, off: `<out${outlet}>0<` },
  }),
  tinycontrol_tcpdu: (url, outlet) => ({
    ...rest(url, outlet),
    ...byGet('/api/v1/save/?out{outlet}=1', '/api/v1/save/?out{outlet}=0'),
    state: { path: '/api/v1/read/status/?outValues', pointer: `/out${outlet}`, on: '^1$', off: '^0$' },
  }),
  ubus: (url, index) => ({ driver: 'openwrt-poe', url: url.replace(/\/ubus\/?$/, ''), port: `lan${index}` }),
}

export const powerModels = Object.keys(models)

/**
 * The power switch of ours that does what a model of labgrid does.
 * @param host a name, an address or a URL, as labgrid has it
 * @returns `undefined` for a model that hil has no driver for
 */
export function powerOfModel(model: string, host: string, index: number): PowerSection | undefined {
  return models[model]?.(host, index)
}

function rest(host: string, outlet: number): PowerSection {
  return { driver: 'rest', url: addressOf(host), outlet }
}

function byGet(on: string, off: string) {
  return { on: { path: on }, off: { path: off } }
}

/** What a digit behind this says. */
function digits(before: string) {
  return { on: `${before}1`, off: `${before}0` }
}

function addressOf(host: string): string {
  return (host.includes('://') ? host : `http://${host}`).replace(/\/$/, '')
}

function splitUrl(address: string): { readonly url: string; readonly path: string } {
  const [, url = '', path = ''] = /^(\w+:\/\/[^/]*)(.*)$/s.exec(addressOf(address)) ?? []
  return { url, path: path === '' ? '/' : path }
}

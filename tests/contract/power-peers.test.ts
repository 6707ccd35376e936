import assert from 'node:assert/strict'
import { execa } from 'execa'
import * as dialects from '../support/power/dialects.ts'
import { pduPassword, startHttpPdu, type Dialect, type HttpPdu } from '../support/power/http-pdu.ts'
import { askLabgrid, askPdudaemon } from '../support/power/peers.ts'
import { describeWith } from '../support/requirements.ts'

/** In an address. */
const password = encodeURIComponent(pduPassword)

interface PeerCase {
  readonly device: string
  readonly dialect: Dialect
  readonly outlets: readonly (string | number)[]
  /** As the device numbers it. */
  readonly outlet: string | number
  readonly switch: (device: HttpPdu, action: 'on' | 'off') => Promise<unknown>
  /** Absent where the peer can't read. */
  readonly read?: (device: HttpPdu) => Promise<string>
}

const hostAndPort = ({ url }: HttpPdu) => new URL(url).host
const dliAddress = ({ url }: HttpPdu) => url.replace('//', '//admin:1234@')
const withLogin = ({ url }: HttpPdu, user: string) => url.replace('//', `//${user}:${password}@`)

const cases: Readonly<Record<string, PeerCase>> = {
  "labgrid's shelly_gen1": {
    device: 'shelly-gen1',
    dialect: dialects.shellyGen1,
    outlets: [0, 1],
    outlet: 1,
    switch: (device, action) =>
      askLabgrid('shelly_gen1', { host: withLogin(device, 'admin'), index: 1 }, action),
    read: (device) => askLabgrid('shelly_gen1', { host: withLogin(device, 'admin'), index: 1 }, 'get'),
  },
  "labgrid's shelly_gen2": {
    device: 'shelly',
    // It knows no login.
    dialect: withoutLogin(dialects.shelly),
    outlets: [0, 1],
    outlet: 0,
    switch: (device, action) => askLabgrid('shelly_gen2', { host: device.url, index: 0 }, action),
    read: (device) => askLabgrid('shelly_gen2', { host: device.url, index: 0 }, 'get'),
  },
  "pdudaemon's tasmota": {
    device: 'tasmota',
    dialect: dialects.tasmota,
    outlets: [1, 2],
    outlet: 2,
    switch: (device, action) => {
      const settings = { username: 'admin', password: pduPassword }
      return askPdudaemon(
        'tasmota',
        'brennenstuhl_wspl01_tasmota',
        { host: hostAndPort(device), port: 2, settings },
        action,
      )
    },
  },
  "pdudaemon's netiojson": {
    device: 'netio',
    dialect: dialects.netio,
    outlets: [1, 2, 3, 4],
    outlet: 3,
    switch: (device, action) => {
      const { hostname: ip, port } = new URL(device.url)
      return askPdudaemon(
        'netiojson',
        'netiojson',
        { host: 'netio', port: 3, settings: { ip, port, username: 'admin', password } },
        action,
      )
    },
  },
  "labgrid's gude8031": {
    device: 'gude',
    // It knows no login.
    dialect: withoutLogin(dialects.gude),
    outlets: [1, 2, 3],
    outlet: 2,
    switch: (device, action) => askLabgrid('gude8031', { ...addressOf(device), index: 2 }, action),
    read: (device) => askLabgrid('gude8031', { ...addressOf(device), index: 2 }, 'get'),
  },
  "labgrid's digitalloggers_restapi": {
    device: 'digital-loggers',
    // It takes a password as it stands in the address.
    dialect: { ...dialects.digitalLoggers, login: { user: 'admin', scheme: 'MD5', password: '1234' } },
    outlets: [0, 1],
    outlet: 1,
    switch: (device, action) =>
      askLabgrid('digitalloggers_restapi', { host: dliAddress(device), index: 1 }, action),
    read: (device) => askLabgrid('digitalloggers_restapi', { host: dliAddress(device), index: 1 }, 'get'),
  },
  "labgrid's ubus": {
    device: 'openwrt-poe',
    dialect: dialects.openwrt('text'),
    outlets: ['lan1', 'lan2'],
    outlet: 'lan2',
    switch: (device, action) => askLabgrid('ubus', { host: `${device.url}/ubus`, index: 2 }, action),
    read: (device) => askLabgrid('ubus', { host: `${device.url}/ubus`, index: 2 }, 'get'),
  },
  "labgrid's rest": {
    device: 'rest',
    dialect: dialects.homeMade,
    outlets: [4, 5],
    outlet: 5,
    switch: (device, action) =>
      askLabgrid('rest', { host: `${withLogin(device, 'admin')}/relay/{index}/value`, index: 5 }, action),
    read: (device) =>
      askLabgrid('rest', { host: `${withLogin(device, 'admin')}/relay/{index}/value`, index: 5 }, 'get'),
  },
}

function withoutLogin({ login: _, ...dialect }: Dialect): Dialect {
  return dialect
}

function addressOf({ url }: HttpPdu) {
  const { hostname: host, port } = new URL(url)
  return { host, port: Number(port) }
}

describeWith(['curl'], 'The login of the stand-ins', () => {
  for (const [name, dialect, path] of [
    ['digest with SHA-256', dialects.shelly, '/rpc'],
    ['digest with MD5', dialects.digitalLoggers, '/restapi/relay/outlets/=0/state/'],
    ['basic', dialects.netio, '/netio.json'],
  ] as const) {
    it(`is one that curl knows: ${name}`, async () => {
      await using device = await startHttpPdu(dialect, [0])
      const body = JSON.stringify({ id: 1, method: 'Switch.GetStatus', params: { id: 0 } })
      const ask = async (user: string) => {
        const { stdout } = await execa('curl', [
          '-s',
          '--anyauth',
          '-u',
          user,
          ...(path === '/rpc' ? ['-d', body] : []),
          device.url + path,
        ])
        return stdout
      }
      assert.match(await ask(`admin:${pduPassword}`), /false|"State":0/)
      assert.equal(await ask('admin:guessed'), 'who are you?')
    })
  }
})

/** What makes a driver that was tested against a stand-in a verified one. */
describe('The stand-ins of power switches', () => {
  for (const [peer, one] of Object.entries(cases)) {
    describeWith(['power-peers'], `The one of ${one.device}`, () => {
      it(`is switched by ${peer}${one.read === undefined ? '' : ', and read'}`, async () => {
        await using device = await startHttpPdu(one.dialect, one.outlets)
        for (const action of ['on', 'off'] as const) {
          await one.switch(device, action)
          assert.equal(device.outlets.isOn(one.outlet), action === 'on', device.requests.join('\n'))
          if (one.read !== undefined) assert.equal(await one.read(device), action === 'on' ? 'True' : 'False')
        }
      })
    })
  }
})

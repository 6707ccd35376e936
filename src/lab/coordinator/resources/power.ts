import type { Catalogue, Driver } from '../../../board/driver.ts'
import type { PowerSwitch } from '../../../board/power-switch.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import { powerModels, powerOfModel } from '../../../environment/labgrid/power-models.ts'
import { camelCase } from '../../../environment/schema/option-names.ts'
import type { PlaceLease } from '../place-lease.ts'
import type { PlaceResource } from '../place.ts'
import { driverFor, text, unsupported, wholeNumber, type WantedDriver } from './driver-for.ts'
import { powerThroughProxy } from './power-through-proxy.ts'
import { machineOf, proxyOf, type ExporterLogin } from './proxy.ts'

type Translate = (from: PlaceResource, exporters: ExporterLogin) => WantedDriver

/** The resources that are power switches for nobody to say so. */
const switches: Readonly<Record<string, Translate>> = {
  NetworkPowerPort: networkPower,
  PDUDaemonPort: (from) => {
    const host = text(from, 'host')
    const url = `http://${/:\d+$/.test(host) ? host : `${host}:16421`}`
    return { driver: 'pdudaemon', options: { url, pdu: text(from, 'pdu'), port: wholeNumber(from, 'index') } }
  },
  NetworkUSBPowerPort: (from, exporters) => {
    const options = {
      location: text(from, 'path'),
      port: wholeNumber(from, 'index'),
      ssh: machineOf(from, exporters),
    }
    return { driver: 'uhubctl', options }
  },
  NetworkSiSPMPowerPort: (from, exporters) => {
    const options = { outlet: wholeNumber(from, 'index'), ssh: machineOf(from, exporters) }
    return { driver: 'sispmctl', options }
  },
  NetworkYKUSHPowerPort: (from, exporters) => {
    const options = {
      serial: text(from, 'serial'),
      port: wholeNumber(from, 'index'),
      ssh: machineOf(from, exporters),
    }
    return { driver: 'ykush', options }
  },
}

/** Digital outputs: a power switch where the environment says that this one is it. */
const outputs: Readonly<Record<string, Translate>> = {
  ModbusTCPCoil: coilOf,
  // It answers nothing but all of its coils.
  WaveshareModbusTCPCoil: (from) => {
    const { driver, options } = coilOf(from)
    return { driver, options: { ...options, readCoils: wholeNumber(from, 'coil_count') } }
  },
  HttpDigitalOutput: (from) => {
    const { params } = from.resource
    const url = new URL(text(from, 'url'))
    const path = `${url.pathname}${url.search}`
    const method = typeof params['method'] === 'string' ? params['method'] : 'PUT'
    const send = (body: string) => ({ path, method, body })
    const [on, off] = [params['body_get_asserted'], params['body_get_deasserted']].map((value) =>
      String(value ?? ''),
    )
    const asked = new URL(String(params['url_get'] || url.href), url)
    const state =
      on && off
        ? { path: `${asked.pathname}${asked.search}`, on: `^(?:${on})$`, off: `^(?:${off})$` }
        : undefined
    return {
      driver: 'rest',
      options: {
        url: url.origin,
        ...{ on: send(text(from, 'body_asserted')), off: send(text(from, 'body_deasserted')) },
        ...(state && asked.origin === url.origin && { state }),
      },
    }
  },
}

/** As environments of labgrid have it. A login may stand in the address, which the coordinator tells everybody. */
function networkPower(from: PlaceResource): WantedDriver {
  const model = text(from, 'model')
  const [, scheme = '', user, password, rest = ''] =
    /^(\w+:\/\/)?(?:([^@/:]*)(?::([^@/]*))?@)?(.*)$/s.exec(text(from, 'host')) ?? []
  const section = powerOfModel(model, `${scheme}${rest}`, wholeNumber(from, 'index'))
  if (section === undefined) {
    throw unsupported(
      from,
      `hil has no driver for this model (it has for ${powerModels.join(', ')}); name another as "power" in the environment, which then is used in its place`,
    )
  }
  const { driver, ...options } = section
  return {
    driver,
    options: {
      ...Object.fromEntries(Object.entries(options).map(([option, value]) => [camelCase(option), value])),
      ...(user !== undefined && { user }),
    },
    ...(password !== undefined && { secrets: { password } }),
  }
}

function coilOf(from: PlaceResource): WantedDriver {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(text(from, 'host')) ?? []
  const { invert, write_multiple_coils: writesSeveral } = from.resource.params
  if (writesSeveral === true) {
    throw unsupported(
      from,
      'its exporter says "write_multiple_coils", and hil writes a single coil; name "power" in the environment',
    )
  }
  const options = { host, coil: wholeNumber(from, 'coil'), inverted: invert === true }
  return { driver: 'modbus', options: { ...options, ...(port !== undefined && { port: Number(port) }) } }
}

export function isPowerSwitch(cls: string): boolean {
  return Object.hasOwn(switches, cls)
}

interface PowerParts {
  readonly lease: PlaceLease
  readonly catalogue: Catalogue
  readonly exporters: ExporterLogin
}

/** @throws HilError `place.unsupported` (environment) */
export function powerOf(
  from: PlaceResource,
  { lease, catalogue, exporters }: PowerParts,
): DriverChoice<'power'> {
  const { cls } = from.resource
  const translate = switches[cls] ?? outputs[cls]
  if (translate === undefined) throw unsupported(from, 'hil has no driver for what it is as a power switch')
  const wanted = translate(from, exporters)
  const choice =
    proxyOf(from.resource) === undefined || 'ssh' in wanted.options
      ? driverFor('power', wanted, from, catalogue)
      : powerThroughProxy(from, wanted, { catalogue, exporters })
  return whileOurs(choice, lease)
}

/** Nobody's board is switched after the place went to somebody else. */
function whileOurs({ driver, options }: DriverChoice<'power'>, lease: PlaceLease): DriverChoice<'power'> {
  const open: Driver<'power'>['open'] = async (...args) => {
    const power = await driver.open(...args)
    const guarded: PowerSwitch = {
      on: async (t) => {
        lease.throwIfLost()
        await power.on(t)
      },
      off: async (t) => {
        lease.throwIfLost()
        await power.off(t)
      },
      state: (t) => power.state(t),
    }
    return guarded
  }
  return { driver: { ...driver, open }, options }
}

import type { Catalogue, Driver } from '../../../board/driver.ts'
import type { PowerSwitch } from '../../../board/power-switch.ts'
import { HilError } from '../../../core/errors.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import type { PlaceResource } from '../place.ts'
import { driverFor, unsupported, type WantedDriver } from './driver-for.ts'
import { forwardThrough, proxyOf, type ExporterLogin } from './proxy.ts'

interface Address {
  readonly host: string
  readonly port: number
}

interface ProxyParts {
  readonly catalogue: Catalogue
  readonly exporters: ExporterLogin
}

/**
 * A power switch in a network that only the machine of its exporter reaches.
 * @throws HilError `place.unsupported` (environment) for one that speaks UDP, which SSH does not carry
 */
export function powerThroughProxy(
  from: PlaceResource,
  wanted: WantedDriver,
  { catalogue, exporters }: ProxyParts,
): DriverChoice<'power'> {
  const proxy = proxyOf(from.resource) ?? ''
  const { driver, options } = driverFor('power', wanted, from, catalogue)
  const there = addressOf(wanted)
  if (there === undefined) {
    throw unsupported(
      from,
      `its exporter lets it be reached through ${proxy} alone, by SSH, which does not carry what it speaks (SNMP, over UDP); name "power" in the environment`,
    )
  }
  const open: Driver<'power'>['open'] = async (_options, context, t) => {
    const here = await forwardThrough(proxy, there, exporters, context, t)
    const near = driverFor(
      'power',
      { ...wanted, options: { ...wanted.options, ...movedTo(here, wanted) } },
      from,
      catalogue,
    )
    return againWhereLost(await near.driver.open(near.options, context, t))
  }
  return { driver: { ...driver, open }, options }
}

/** A connection to the exporter that is lost takes what was just asked with it; what is asked again gets a new one. */
function againWhereLost(power: PowerSwitch): PowerSwitch {
  const twice = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof HilError && error.code === 'power.unreachable')) throw error
      return await ask()
    }
  }
  return {
    on: (t) => twice(() => power.on(t)),
    off: (t) => twice(() => power.off(t)),
    state: (t) => twice(() => power.state(t)),
  }
}

/** Where a switch that speaks TCP is. */
function addressOf({ driver, options }: WantedDriver): Address | undefined {
  const { url, host, port } = options
  if (typeof url === 'string') {
    const { hostname, protocol, port: written } = new URL(url)
    const usual = protocol === 'https:' ? 443 : 80
    return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: written === '' ? usual : Number(written) }
  }
  if (driver !== 'modbus') return undefined
  return { host: String(host), port: typeof port === 'number' ? port : modbusPort }
}

/** Of Modbus over TCP. */
const modbusPort = 502

function movedTo({ host, port }: Address, { options: { url } }: WantedDriver): object {
  if (typeof url !== 'string') return { host, port }
  const moved = new URL(url)
  moved.host = `${host}:${port}`
  return { url: moved.href.replace(/\/$/, '') }
}

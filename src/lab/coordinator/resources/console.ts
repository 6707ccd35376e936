import { z } from 'zod'
import { defineConsole, type Catalogue, type DriverContext } from '../../../board/driver.ts'
import type { OpenTransport } from '../../../board/transport.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import type { PlaceLease } from '../place-lease.ts'
import type { PlaceResource } from '../place.ts'
import { driverFor, text, wholeNumber, type WantedDriver } from './driver-for.ts'
import { forwardThrough, proxyOf, type ExporterLogin } from './proxy.ts'

/** How long an exporter may take to have its server for a port running, in milliseconds. */
const startMs = 20_000

interface ConsoleOptions {
  readonly lease: PlaceLease
  readonly catalogue: Catalogue
  readonly exporters: ExporterLogin
}

/**
 * The serial port of a place. Where it is is asked each time it is opened: an exporter that was started anew, or whose
 * coordinator was, serves it at another port.
 */
export function placeConsole(
  { name }: PlaceResource,
  { lease, catalogue, exporters }: ConsoleOptions,
): DriverChoice<'console'> {
  const driver = defineConsole({
    name: 'labgrid',
    summary: "A serial port of labgrid's exporter.",
    schema: z.strictObject({}),
    open: (_options, context) => {
      const open: OpenTransport = async (reader, opening) => {
        using t = startDeadline(startMs, `the serial port ${name} of ${lease.place}`, opening)
        const resource = await lease.available(name, t)
        const from = { name, resource }
        const wanted = consoleOf(from)
        const at = await reachable(from, wanted, { exporters, context }, t)
        const choice = driverFor(
          'console',
          { ...wanted, options: { ...wanted.options, ...at } },
          from,
          catalogue,
        )
        const transport = await choice.driver.open(choice.options, context, t)
        return await transport(reader, opening)
      }
      return Promise.resolve(open)
    },
  })
  return { driver, options: {} }
}

/** A static port may be raw; ser2net of an exporter never is. */
function consoleOf(from: PlaceResource): WantedDriver {
  const { params } = from.resource
  const address = { host: text(from, 'host'), port: wholeNumber(from, 'port') }
  if (params['protocol'] === 'raw') return { driver: 'tcp', options: address }
  const { speed } = params
  return { driver: 'rfc2217', options: { ...address, ...(typeof speed === 'number' && { baud: speed }) } }
}

/** Through SSH where the exporter says that it is reached by no other way. */
async function reachable(
  from: PlaceResource,
  { options }: WantedDriver,
  { exporters, context }: { readonly exporters: ExporterLogin; readonly context: DriverContext },
  t: Deadline,
): Promise<object> {
  const proxy = proxyOf(from.resource)
  if (proxy === undefined) return {}
  const target = { host: String(options['host']), port: Number(options['port']) }
  return await forwardThrough(proxy, target, exporters, context, t)
}

import { z } from 'zod'
import { defineStorage, type Catalogue } from '../../../board/driver.ts'
import type { Storage } from '../../../board/storage.ts'
import { startDeadline } from '../../../core/deadline.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import type { PlaceLease } from '../place-lease.ts'
import type { PlaceResource } from '../place.ts'
import { driverFor, text, unsupported, type WantedDriver } from './driver-for.ts'
import { machineOf, type ExporterLogin } from './proxy.ts'

/** How long an exporter may take to see a mux that is plugged in, in milliseconds. */
const appearMs = 20_000

interface StorageParts {
  readonly lease: PlaceLease
  readonly catalogue: Catalogue
  readonly exporters: ExporterLogin
}

/**
 * The memory card in a mux of an exporter. What the kernel there calls the mux is asked each time it is opened: it is
 * called otherwise after it was plugged in anew.
 * @throws HilError `place.unsupported` (environment)
 */
export function storageOf(from: PlaceResource, parts: StorageParts): DriverChoice<'storage'> {
  const { lease, catalogue, exporters } = parts
  const { name } = from
  const translate = muxes[from.resource.cls]
  if (translate === undefined) {
    throw unsupported(from, `hil has no driver for what it is as a memory card (it has for ${known})`)
  }
  const driver = defineStorage({
    name: 'labgrid',
    summary: "A memory card in a mux of labgrid's exporter.",
    schema: z.strictObject({}),
    async open(_options, context, opening) {
      using t = startDeadline(appearMs, `the mux ${name} of ${lease.place}`, opening)
      const now = { name, resource: await lease.available(name, t) }
      const wanted = translate(now, exporters)
      const { driver, options } = driverFor('storage', wanted, now, catalogue)
      return whileOurs(await driver.open(options, context, t), lease)
    },
  })
  return { driver, options: {} }
}

const muxes: Readonly<Record<string, (from: PlaceResource, exporters: ExporterLogin) => WantedDriver>> = {
  NetworkUSBSDMuxDevice: (from, exporters) => ({
    driver: 'usbsdmux',
    options: { device: text(from, 'control_path'), ssh: machineOf(from, exporters) },
  }),
  NetworkUSBSDWireDevice: (from, exporters) => ({
    driver: 'sdwire',
    options: { serial: text(from, 'control_serial'), ssh: machineOf(from, exporters) },
  }),
  NetworkUSBSDWire3Device: (from, exporters) => ({
    driver: 'sdwire3',
    options: { serial: text(from, 'control_serial'), ssh: machineOf(from, exporters) },
  }),
}

const known = Object.keys(muxes).join(', ')

/** Nobody's card changes sides, or is written, after the place went to somebody else. */
function whileOurs(storage: Storage, lease: PlaceLease): Storage {
  return {
    ...storage,
    async switchTo(side, t) {
      lease.throwIfLost()
      await storage.switchTo(side, t)
    },
    async write(image, t, options) {
      lease.throwIfLost()
      return await storage.write(image, t, options)
    },
  }
}

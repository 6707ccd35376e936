import { selectorFor, type UsbPort } from '../../transports/serial/usb-ports.ts'
import type { UsbDevice } from './usb-devices.ts'

/** Something that is plugged in, and what an environment says of it. */
export interface Suggestion {
  /** What it is, for a person. */
  readonly what: string
  /** The key of a board, and what is below it. */
  readonly key: 'console' | 'storage' | 'power'
  readonly options: Readonly<Record<string, string | number>>
  /** What a person has to fill in or to look after. */
  readonly note?: string
}

/** What is there, beside the USB devices themselves. */
export interface PluggedIn {
  readonly ports: readonly UsbPort[]
  readonly devices: readonly UsbDevice[]
  /** The links that the udev rules of usbsdmux make, by the path of their device. */
  readonly muxes: ReadonlyMap<string, string>
}

/** What could be a part of a board: consoles first, then storage, then power. */
export function suggestionsFor({ ports, devices, muxes }: PluggedIn): readonly Suggestion[] {
  return [
    ...ports.map((port) => consoleAt(port, ports)),
    ...devices.flatMap((device) => storageOf(device, devices, muxes)),
    ...devices.flatMap(powerOf),
  ]
}

function consoleAt(port: UsbPort, all: readonly UsbPort[]): Suggestion {
  return {
    what: `${port.device}, ${port.name || `${port.vendor}:${port.product}`}`,
    key: 'console',
    options: { driver: 'serial', port: selectorFor(port, all), baud: 115_200 },
    note: 'the baud is what most boards have; Rockchip boards speak at 1500000',
  }
}

/** Vendors and products are those that labgrid knows these devices by (labgrid/resource/udev.py). */
const kinds = {
  usbSdMux: ['0424:4041'],
  sdWire: ['04e8:6001'],
  sdWireReader: ['0424:2640'],
  sisPm: ['04b4:fd10', '04b4:fd11', '04b4:fd12', '04b4:fd13', '04b4:fd15'],
  ykush: ['04d8:f2f7', '04d8:0042'],
} as const

const isOne = ({ vendor, product }: UsbDevice, kind: keyof typeof kinds) =>
  (kinds[kind] as readonly string[]).includes(`${vendor}:${product}`)

function storageOf(
  device: UsbDevice,
  all: readonly UsbDevice[],
  muxes: ReadonlyMap<string, string>,
): readonly Suggestion[] {
  const { path, serial } = device
  const link = muxes.get(path)
  if (link !== undefined || isOne(device, 'usbSdMux')) {
    return [
      {
        what: `memory card mux at USB ${path}, ${device.name}`,
        key: 'storage',
        options: { driver: 'usbsdmux', device: link ?? '/dev/usb-sd-mux/id-...', usbPath: path },
        ...(link === undefined && { note: 'install the udev rules of usbsdmux: they make that link' }),
      },
    ]
  }
  if (isOne(device, 'sdWire')) {
    const hub = path.slice(0, path.lastIndexOf('.'))
    const reader = all.find((each) => isOne(each, 'sdWireReader') && each.path.startsWith(`${hub}.`))
    return [
      {
        what: `memory card mux at USB ${path}, ${device.name}`,
        key: 'storage',
        options: { driver: 'sdwire', serial: serial ?? '...', usbPath: reader?.path ?? '...' },
        ...(reader === undefined && { note: 'no card reader of it was found: write where it is plugged in' }),
      },
    ]
  }
  return []
}

function powerOf(device: UsbDevice): readonly Suggestion[] {
  const { path, serial, ports, name } = device
  const outlet = 'which one the board is at is for you to say'
  if (isOne(device, 'sisPm')) {
    return [
      {
        what: `power strip at USB ${path}, ${name}`,
        key: 'power',
        options: { driver: 'sispmctl', outlet: 1 },
        note: outlet,
      },
    ]
  }
  if (isOne(device, 'ykush')) {
    const own = serial === undefined ? {} : { serial }
    return [
      {
        what: `USB hub with switches at USB ${path}, ${name}`,
        key: 'power',
        options: { driver: 'ykush', ...own, port: 1 },
        note: outlet,
      },
    ]
  }
  if (ports === 0) return []
  return [
    {
      what: `USB hub with ${ports} ports at USB ${path}, ${name || 'without a name'}`,
      key: 'power',
      options: { driver: 'uhubctl', location: path, port: 1 },
      note: `if it can switch its ports: "uhubctl -l ${path}" says so; ${outlet}`,
    },
  ]
}

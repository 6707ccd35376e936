import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { usbPrefix, type UsbSelector } from '../../board/usb-selector.ts'

/** Where the kernel tells of devices, and where they are. */
export interface DeviceRoots {
  readonly sys: string
  readonly dev: string
}

export const deviceRoots: DeviceRoots = { sys: '/sys', dev: '/dev' }

/** A serial port of a USB adapter that is plugged in. */
export interface UsbPort extends Required<Omit<UsbSelector, 'serial'>> {
  /** `/dev/ttyUSB0`. */
  readonly device: string
  /** Absent where the adapter has none. */
  readonly serial: string | undefined
  /** What the adapter calls itself; may be empty. */
  readonly name: string
  /** What udev calls its place: `pci-0000:00:14.0-usb-0:1.4:1.0`. */
  readonly idPath: string
}

/**
 * The serial ports of USB adapters, from sysfs. It is read at one go: a few dozen small files that no disk
 * stands behind.
 */
export function listUsbPorts({ sys, dev }: DeviceRoots = deviceRoots): readonly UsbPort[] {
  const terminals = join(sys, 'class/tty')
  return orElse([], () => readdirSync(terminals).sort())
    .map((name) => readPort(join(terminals, name), join(dev, name)))
    .filter((port) => port !== undefined)
}

/** The ports that a selector can mean. */
export function matchUsbPorts(selector: UsbSelector, ports: readonly UsbPort[]): readonly UsbPort[] {
  const { serial, path, interface: number, vendor, product } = selector
  return ports.filter(
    (port) =>
      (serial === undefined || port.serial === serial) &&
      (path === undefined || port.path === path || isAtUdevPath(port, path)) &&
      (number === undefined || port.interface === number) &&
      (vendor === undefined || port.vendor === vendor.toLowerCase()) &&
      (product === undefined || port.product === product.toLowerCase()),
  )
}

/** A part of a bus behind PCI may stand before it; the interface may be left out. */
function isAtUdevPath({ idPath }: UsbPort, path: string): boolean {
  return `${idPath}:`.startsWith(`${path.replace(/^.*-(?=pci-)/, '')}:`)
}

/** The selector that means this port and no other one that is plugged in, by its serial number if that does. */
export function selectorFor(port: UsbPort, all: readonly UsbPort[] = listUsbPorts()): string {
  const { serial, path, interface: number } = port
  const candidates: readonly UsbSelector[] = [
    ...(serial === undefined ? [] : [{ serial }, { serial, interface: number }]),
    { path },
  ]
  const unique = candidates.find((each) => matchUsbPorts(each, all).length === 1)
  const chosen: UsbSelector = unique ?? { path, interface: number }
  return `${usbPrefix}${Object.entries(chosen)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')}`
}

/** A port as messages name it: `usb:serial=A50285BI (/dev/ttyUSB0, FTDI FT232R USB UART)`. */
export function describeUsbPort(port: UsbPort, all?: readonly UsbPort[]): string {
  const facts = [port.device, port.name].filter((fact) => fact !== '')
  return `${selectorFor(port, all)} (${facts.join(', ')})`
}

/** Documentation/ABI of the kernel: `sysfs-bus-usb`; the interface is some levels above the terminal. */
function readPort(terminal: string, device: string): UsbPort | undefined {
  const start = orElse(undefined, () => realpathSync(terminal))
  const usbInterface = start === undefined ? undefined : interfaceAbove(start)
  if (usbInterface === undefined) return undefined
  const adapter = dirname(usbInterface)
  const vendor = readAttribute(adapter, 'idVendor')
  const product = readAttribute(adapter, 'idProduct')
  const number = readAttribute(usbInterface, 'bInterfaceNumber')
  if (vendor === undefined || product === undefined || number === undefined) return undefined
  const names = [readAttribute(adapter, 'manufacturer'), readAttribute(adapter, 'product')]
  return {
    device,
    serial: readAttribute(adapter, 'serial'),
    path: basename(adapter),
    interface: Number.parseInt(number, 16),
    vendor,
    product,
    name: names.filter((name) => name !== undefined).join(' '),
    idPath: idPathOf(usbInterface),
  }
}

/** From the controller on, as udev's path_id puts it together (systemd, src/udev/udev-builtin-path_id.c). */
function idPathOf(usbInterface: string): string {
  const [, controller = '', ports = ''] = /([^/]+)\/usb\d+\/(?:.*\/)?\d+-([^/]+)$/.exec(usbInterface) ?? []
  const bus = /^[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d$/.test(controller) ? 'pci' : 'platform'
  return `${bus}-${controller}-usb-0:${ports}`
}

function interfaceAbove(directory: string): string | undefined {
  for (let at = directory; at !== dirname(at); at = dirname(at)) {
    if (readAttribute(at, 'bInterfaceNumber') !== undefined) return at
  }
  return undefined
}

/** A file of sysfs; `undefined` where it is not, or not any more. */
export function readAttribute(directory: string, name: string): string | undefined {
  return orElse(undefined, () => readFileSync(join(directory, name), 'utf8').trim())
}

/** Adapters are pulled while they are looked at. */
function orElse<T>(fallback: T, look: () => T): T {
  try {
    return look()
  } catch {
    return fallback
  }
}

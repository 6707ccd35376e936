import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { usbDevicePath } from '../../board/usb-selector.ts'
import { readAttribute, type DeviceRoots } from '../../transports/serial/usb-ports.ts'

/** A USB device that is plugged in. */
export interface UsbDevice {
  /** Where: `1-1.4`, as the kernel names it and `usb-path` takes it. */
  readonly path: string
  /** Four hexadecimal digits each. */
  readonly vendor: string
  readonly product: string
  readonly serial: string | undefined
  /** What it calls itself; may be empty. */
  readonly name: string
  /** How many ports it has; 0 for all but hubs. */
  readonly ports: number
}

/** The devices on all buses, hubs included, by sysfs (Documentation/ABI/testing/sysfs-bus-usb of the kernel). */
export function listUsbDevices({ sys }: DeviceRoots): readonly UsbDevice[] {
  const root = join(sys, 'bus/usb/devices')
  if (!existsSync(root)) return []
  // Ports of the computer itself, and interfaces of devices, lie there too.
  const paths = readdirSync(root).filter((name) => usbDevicePath.test(name))
  return paths.sort().flatMap((path) => readDevice(join(root, path), path) ?? [])
}

function readDevice(directory: string, path: string): UsbDevice | undefined {
  const attribute = (name: string) => readAttribute(directory, name)
  const [vendor, product] = [attribute('idVendor'), attribute('idProduct')]
  if (vendor === undefined || product === undefined) return undefined
  const names = [attribute('manufacturer'), attribute('product')]
  return {
    ...{ path, vendor, product, serial: attribute('serial') },
    name: names.filter((name) => name !== undefined).join(' '),
    ports: Number(attribute('maxchild') ?? 0),
  }
}

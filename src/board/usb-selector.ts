/** Which USB adapter a serial port is meant to be. What is absent does not matter. */
export interface UsbSelector {
  /** The serial number of the adapter. */
  readonly serial?: string
  /**
   * Its place: bus, and the ports of the hubs on the way, as the kernel's log has it (`usb 1-1.4:`), or what udev calls
   * its ID_PATH (`pci-0000:00:14.0-usb-0:1.4`), with or without the interface behind it.
   */
  readonly path?: string
  /** Number of the USB interface, of an adapter that has several. */
  readonly interface?: number
  /** Vendor and product, four hexadecimal digits each, as lsusb prints them. */
  readonly vendor?: string
  readonly product?: string
}

export const usbPrefix = 'usb:'

/** Where a device is plugged in, as the kernel names it: 1-4.2 is port 2 of the hub at port 4 of bus 1. */
export const usbDevicePath = /^\d+-\d+(?:\.\d+)*$/

/** `pci-0000:00:14.0-usb-0:1.4:1.0`: the same from the controller on, which is no other bus after the next start. */
const udevPath = /^[\w.:-]+-usb-\d+:\d+(?:\.\d+)*(?::\d+\.\d+)?$/

const shapes = {
  serial: /^[^,=]+$/,
  path: new RegExp(`${usbDevicePath.source}|${udevPath.source}`),
  interface: /^\d{1,3}$/,
  vendor: /^[\da-f]{4}$/i,
  product: /^[\da-f]{4}$/i,
} as const satisfies Record<keyof UsbSelector, RegExp>

/**
 * Reads `usb:serial=A50285BI,interface=1`; `usb:A50285BI` is short for `usb:serial=A50285BI`.
 * @returns a sentence where that is not what it is
 */
export function parseUsbSelector(text: string): UsbSelector | string {
  const selector: Record<string, string | number> = {}
  const words = text.slice(usbPrefix.length).split(',')
  for (const word of words) {
    const [, key = 'serial', value = ''] = /^(?:(\w+)=)?(.*)$/s.exec(word) ?? []
    if (!isKey(key)) return `${text}: there is no "${key}"; a USB port is named by ${keys.join(', ')}`
    if (!shapes[key].test(value))
      return `${text}: "${value}" is no ${key} of a USB port, ${examples[key]} is one`
    if (selector[key] !== undefined) return `${text}: "${key}" is said twice`
    selector[key] = key === 'interface' ? Number(value) : value
  }
  return selector
}

const keys = Object.keys(shapes) as readonly (keyof UsbSelector)[]

const examples: Readonly<Record<keyof UsbSelector, string>> = {
  serial: 'A50285BI',
  path: '1-1.4',
  interface: '0',
  vendor: '0403',
  product: '6001',
}

function isKey(key: string): key is keyof UsbSelector {
  return key in shapes
}

import { parseUsbSelector, usbPrefix } from '../board/usb-selector.ts'
import { listUsbPorts, matchUsbPorts } from '../transports/serial/usb-ports.ts'
import { realPath } from './real-path.ts'

/**
 * The device of a serial port, by its path or as a USB adapter, so that two names of it are one resource. Of
 * an adapter that is not plugged in (yet) it is the name.
 */
export function portDevice(port: string): string {
  if (!port.startsWith(usbPrefix)) return realPath(port)
  const selector = parseUsbSelector(port)
  const [only, ...others] = typeof selector === 'string' ? [] : matchUsbPorts(selector, listUsbPorts())
  return only === undefined || others.length > 0 ? port : only.device
}

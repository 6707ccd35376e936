import { access, constants, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseUsbSelector, usbPrefix } from '../../board/usb-selector.ts'
import { HilError } from '../../core/errors.ts'
import { whenPathAllows } from '../wait-for-path.ts'
import { ambiguousPort, badSelector, missingPort, missingUsbPort, notAPort } from './port-problems.ts'
import { deviceRoots, listUsbPorts, matchUsbPorts, type DeviceRoots } from './usb-ports.ts'

/**
 * The device behind the name of a port: a path that may be a link made by udev, or `usb:` and which adapter.
 * @throws HilError `transport.no-port` or `transport.port-refused` (environment)
 */
export async function findPortDevice(name: string, roots: DeviceRoots = deviceRoots): Promise<string> {
  const path = name.startsWith(usbPrefix) ? findUsbDevice(name, roots) : name
  const device = await realpath(path).catch(() => undefined)
  if (device === undefined) throw await missingPort(path)
  if (!(await isTerminal(device))) throw notAPort(path)
  return device
}

/** As `findPortDevice`, once the port is there and may be opened: udev gives it its rights a moment after it was made. */
export function untilPortDevice(
  name: string,
  signal: AbortSignal,
  roots: DeviceRoots = deviceRoots,
): Promise<string> {
  const look = async () => {
    const device = await findPortDevice(name, roots)
    await access(device, constants.R_OK | constants.W_OK)
    return device
  }
  const isWorthWaiting = (error: unknown) =>
    !(error instanceof HilError) || error.code === 'transport.no-port'
  return whenPathAllows(
    name.startsWith(usbPrefix) ? join(roots.dev, 'tty') : name,
    look,
    isWorthWaiting,
    signal,
  )
}

function findUsbDevice(name: string, roots: DeviceRoots): string {
  const selector = parseUsbSelector(name)
  if (typeof selector === 'string') throw badSelector(selector)
  const ports = listUsbPorts(roots)
  const matching = matchUsbPorts(selector, ports)
  const [port] = matching
  if (port === undefined) throw missingUsbPort(name, ports)
  if (matching.length > 1) throw ambiguousPort(name, matching, ports)
  return port.device
}

/** Found out without opening it: that alone raises DTR, which resets some boards. */
async function isTerminal(device: string): Promise<boolean> {
  const stats = await stat(device)
  if (!stats.isCharacterDevice()) return false
  // Lines of proc_tty(5): driver, device node, major number, range of minor numbers, type.
  const drivers = await readFile('/proc/tty/drivers', 'utf8')
  const majors = drivers.split('\n').map((line) => Number(line.trim().split(/\s+/)[2]))
  return majors.includes((stats.rdev >> 8) & 0xfff)
}

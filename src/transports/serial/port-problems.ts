import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { messageOf, HilError } from '../../core/errors.ts'
import { describeUsbPort, type UsbPort } from './usb-ports.ts'
import { findPortHolders, type PortHolder } from './port-holders.ts'

/** @throws HilError `transport.port-in-use` (infrastructure) that names who has `path` open */
export function requireFreePort(path: string, device: string): void {
  const holders = findPortHolders(device)
  if (holders.length > 0) throw portInUse(path, holders)
}

/** For a path that does not exist. */
export async function missingPort(path: string): Promise<HilError> {
  const plugged = await pluggedPorts()
  const hint =
    plugged.length === 0
      ? 'no serial port is plugged in (/dev/serial/by-id is empty)'
      : `plugged in: ${plugged.join(', ')}`
  return new HilError('transport.no-port', `the serial port ${path} does not exist; ${hint}`, {
    blame: 'environment',
    details: { path, plugged },
  })
}

/** For a USB adapter that is not plugged in. */
export function missingUsbPort(name: string, ports: readonly UsbPort[]): HilError {
  const plugged = ports.map((port) => describeUsbPort(port, ports))
  const hint = plugged.length === 0 ? 'no USB serial adapter is' : `there are ${plugged.join(', ')}`
  return new HilError('transport.no-port', `the serial port ${name} is not plugged in; ${hint}`, {
    blame: 'environment',
    details: { path: name, plugged },
  })
}

/** For a selector that fits several ports. */
export function ambiguousPort(
  name: string,
  matching: readonly UsbPort[],
  ports: readonly UsbPort[],
): HilError {
  const choice = matching.map((port) => describeUsbPort(port, ports))
  return new HilError(
    'transport.port-refused',
    `${name} is ${matching.length} serial ports; choose one: ${choice.join(', ')}`,
    { blame: 'environment', details: { path: name, choice } },
  )
}

/** @param why what is wrong with it, which names it */
export function badSelector(why: string): HilError {
  return new HilError('transport.port-refused', why, { blame: 'environment' })
}

/** For a path that is something else. */
export function notAPort(path: string): HilError {
  return new HilError('transport.port-refused', `${path} is no serial port`, {
    blame: 'environment',
    details: { path },
  })
}

/** For a port that could not be opened. @param cause what serialport says: it has no error codes */
export function portRefused(path: string, device: string, cause: unknown): HilError {
  const said = messageOf(cause)
  if (said.includes('Cannot lock port')) return portInUse(path, findPortHolders(device), cause)
  const sentence = said.includes('Permission denied')
    ? `this user may not open the serial port ${path}; become a member of the group it belongs to (sudo usermod -aG dialout $USER on Debian) and log in again`
    : `the serial port ${path} could not be opened: ${said}`
  return new HilError('transport.port-refused', sentence, {
    blame: 'environment',
    details: { path, device },
    cause,
  })
}

/** For a port that was open, closed by now. A device that is unplugged vanishes; a hung-up one stays. */
export function portGone(path: string, device: string, cause: Error): HilError {
  const details = { path, device }
  if (existsSync(device)) {
    return new HilError(
      'transport.hung-up',
      `the serial port ${path} was hung up; the device is still there (${cause.message})`,
      { blame: 'infrastructure', details, cause },
    )
  }
  return new HilError('transport.unplugged', `the serial port ${path} was unplugged: ${device} is gone`, {
    blame: 'infrastructure',
    details,
    cause,
  })
}

function portInUse(path: string, holders: readonly PortHolder[], cause?: unknown): HilError {
  const who =
    holders.length > 0
      ? holders.map(({ pid, command }) => `process ${pid} (${command})`).join(', ')
      : `a process that this user can't see; "sudo fuser -v ${path}" names it`
  return new HilError('transport.port-in-use', `the serial port ${path} is in use by ${who}`, {
    blame: 'infrastructure',
    details: { path, holders },
    cause,
  })
}

/** Names that stay the same wherever an adapter is plugged in, made by udev. */
async function pluggedPorts(): Promise<readonly string[]> {
  const directory = '/dev/serial/by-id'
  try {
    return (await readdir(directory)).sort().map((name) => `${directory}/${name}`)
  } catch {
    return []
  }
}

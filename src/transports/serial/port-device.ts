import { readFile, realpath, stat } from 'node:fs/promises'
import { missingPort, notAPort } from './port-problems.ts'

/**
 * The device behind a path that may be a link made by udev.
 * @throws HilError `transport.no-port` or `transport.port-refused` (environment)
 */
export async function findPortDevice(path: string): Promise<string> {
  const device = await realpath(path).catch(() => undefined)
  if (device === undefined) throw await missingPort(path)
  if (!(await isTerminal(device))) throw notAPort(path)
  return device
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

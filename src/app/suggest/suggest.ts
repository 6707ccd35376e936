import { readdirSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import { usbDevicePath } from '../../board/usb-selector.ts'
import { kebabCase } from '../../environment/schema/option-names.ts'
import { deviceRoots, listUsbPorts, type DeviceRoots } from '../../transports/serial/usb-ports.ts'
import { openOutput } from '../terminal.ts'
import { suggestionsFor, type PluggedIn, type Suggestion } from './suggestion.ts'
import { listUsbDevices } from './usb-devices.ts'

export interface SuggestArguments {
  readonly json: boolean
}

/** `hil suggest`: what is plugged in, as environments name it. @returns the exit code */
export function suggestCommand({ json }: SuggestArguments, roots: DeviceRoots = deviceRoots): number {
  const suggestions = suggestionsFor(pluggedIn(roots))
  const output = openOutput(process.stdout)
  if (json) output.write(`${JSON.stringify(suggestions, undefined, 2)}\n`)
  else output.write(suggestions.length === 0 ? nothing : suggestions.map(inYaml).join('\n'))
  return 0
}

const nothing =
  '# Nothing is plugged in by USB that hil knows: no serial port, memory card mux, hub or power strip.\n' +
  '# Other consoles and power switches are in docs/drivers.md.\n'

export function pluggedIn(roots: DeviceRoots): PluggedIn {
  return { ports: listUsbPorts(roots), devices: listUsbDevices(roots), muxes: muxLinks(roots) }
}

/** Lines of a board, with comments, to be pasted into an environment. */
export function inYaml({ what, key, options, note }: Suggestion): string {
  const written = Object.entries(options).map(([name, value]) => [kebabCase(name), value] as const)
  const yaml = stringify({ [key]: Object.fromEntries(written) })
  return [`# ${what}\n`, ...(note === undefined ? [] : [`# ${note}\n`]), yaml].join('')
}

/** The rules of usbsdmux link the SCSI device of a mux, whose place in sysfs is below that of the USB device. */
function muxLinks({ sys, dev }: DeviceRoots): ReadonlyMap<string, string> {
  const directory = join(dev, 'usb-sd-mux')
  const links = new Map<string, string>()
  for (const name of entriesOf(directory)) {
    const node = basename(realpathSync(join(directory, name)))
    const place = realpathSync(join(sys, 'class/scsi_generic', node))
    const path = place.split('/').findLast((part) => usbDevicePath.test(part))
    if (path !== undefined) links.set(path, join(directory, name))
  }
  return links
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

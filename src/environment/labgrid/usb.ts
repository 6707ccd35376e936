import { escapeReferences } from '../source/references.ts'
import type { ScalarNode } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { scalar } from './build.ts'

/** What udev calls what our selectors call otherwise; an `@` before it asks a parent of the device. */
const selectors: Readonly<Record<string, string>> = {
  ID_SERIAL_SHORT: 'serial',
  ID_PATH: 'path',
  ID_USB_INTERFACE_NUM: 'interface',
  ID_VENDOR_ID: 'vendor',
  ID_MODEL_ID: 'product',
  sys_name: 'path',
}

/** True of every serial port of a USB adapter. */
const implied: readonly string[] = ['SUBSYSTEM', 'ID_BUS', 'DEVTYPE', 'ID_USB_DRIVER']

/** The USB adapter that `match` means: `usb:serial=A50285BI,interface=0`. */
export function usbSelectorNode(attributes: Attributes): ScalarNode | undefined {
  const match = attributes.entry('match')?.value
  if (match?.kind !== 'map' || match.entries.size === 0) {
    attributes.complain('match', 'has no "match" that says which adapter it is')
    return undefined
  }
  const words: string[] = []
  for (const [name, { key, value }] of match.entries) {
    const property = name.replace(/^@/, '')
    const selector = selectors[property]
    if (implied.includes(property)) continue
    if (selector === undefined || value.kind !== 'scalar') {
      attributes.complainAt(
        key,
        `hil can't find an adapter by "${name}"; it does by ${Object.keys(selectors).join(', ')} ("hil suggest" prints what is plugged in)`,
      )
      return undefined
    }
    const text = value.written ?? String(value.value)
    words.push(`${selector}=${selector === 'interface' ? Number.parseInt(text, 16) : text}`)
  }
  return scalar(match.place, escapeReferences(`usb:${words.join(',')}`))
}

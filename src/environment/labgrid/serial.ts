import { scalar } from './build.ts'
import { driverNode } from './build.ts'
import type { Attributes } from './attributes.ts'
import type { Item } from './items.ts'
import type { Target } from './target.ts'
import type { MapNode, Node } from '../source/node.ts'
import { usbSelectorNode } from './usb.ts'

export const serialResources = ['RawSerialPort', 'NetworkSerialPort', 'USBSerialPort']

/** A console: its driver, and what holds for it whichever driver it has. */
export interface TranslatedConsole {
  readonly section: MapNode
}

/** The SerialDriver, and the port that it binds. */
export function translateSerial(target: Target, item: Item): MapNode | undefined {
  const attributes = target.attributesOf(item)
  const settings = pacing(attributes)
  // How long one read may take: hil reads all the time.
  attributes.ignore('timeout')
  attributes.finish()
  const port = target.resourceOf(item, 'port', serialResources)
  const console = port && translatePort(target, port)
  return console && withSettings(console, settings)
}

/** The pause that a UART needs between what is sent; labgrid makes it before every `txchunk` characters. */
export function pacing(attributes: Attributes): Readonly<Record<string, Node | undefined>> {
  const [delay, chunk] = [attributes.numberNode('txdelay'), attributes.number('txchunk') ?? 1]
  attributes.remarkOn('linesep', 'hil ends a line with CR, whatever "linesep" says')
  if (typeof delay?.value !== 'number' || delay.value === 0) return {}
  return { 'char-delay': scalar(delay.place, `${round((delay.value * 1000) / Math.max(1, chunk))}ms`) }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

export function withSettings(
  console: MapNode,
  settings: Readonly<Record<string, Node | undefined>>,
): MapNode {
  const entries = new Map(console.entries)
  for (const [key, value] of Object.entries(settings)) {
    if (value !== undefined) entries.set(key, { key: value.place, written: key, value })
  }
  return { ...console, entries }
}

function translatePort(target: Target, port: Item): MapNode | undefined {
  const attributes = target.attributesOf(port)
  switch (port.className) {
    case 'RawSerialPort':
      return finished(attributes, serialOf(attributes, attributes.pathNode('port')))
    case 'USBSerialPort':
      return finished(attributes, serialOf(attributes, usbSelectorNode(attributes)))
    default:
      return finished(attributes, networkSerial(attributes))
  }
}

function finished(attributes: Attributes, console: MapNode | undefined): MapNode | undefined {
  attributes.finish()
  return console
}

function serialOf(attributes: Attributes, port: Node | undefined): MapNode | undefined {
  const baud = attributes.numberNode('speed')
  if (port !== undefined) return driverNode(attributes.item.place, 'serial', { port, baud })
  if (attributes.item.className === 'RawSerialPort') attributes.complain(undefined, 'has no "port"')
  return undefined
}

function networkSerial(attributes: Attributes): MapNode | undefined {
  const { place } = attributes.item
  const [host, port] = [attributes.required('host'), attributes.numberNode('port')]
  const [speed, protocol] = [attributes.numberNode('speed'), attributes.text('protocol')]
  if (port === undefined) attributes.complain('port', 'has no "port"')
  const server = { host: host && scalar(host.place, host.written), port }
  switch (protocol?.value ?? 'rfc2217') {
    case 'rfc2217':
      return driverNode(place, 'rfc2217', { ...server, baud: speed })
    case 'raw':
      attributes.remarkOn('speed', 'a raw connection sets no speed; the server has it')
      return driverNode(place, 'tcp', server)
    default:
      attributes.complain(
        'protocol',
        `there is no protocol "${protocol?.value ?? ''}"; there are rfc2217, raw`,
      )
      return undefined
  }
}

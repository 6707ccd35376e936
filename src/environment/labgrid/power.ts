import { listOf, driverNode, scalar } from './build.ts'
import type { Attributes } from './attributes.ts'
import { translateDigitalOutput, digitalOutputDrivers } from './digital-outputs.ts'
import type { Item } from './items.ts'
import { translateNetworkPower } from './network-power.ts'
import { shellWords } from './shell-words.ts'
import type { Target } from './target.ts'
import type { MapNode, Node } from '../source/node.ts'
import { escapeReferences } from '../source/references.ts'

/** The power switch of a board, and how long the power is off in a cycle. */
export interface TranslatedPower {
  readonly power: MapNode
  readonly offTime: Node | undefined
}

type Translate = (target: Target, item: Item, attributes: Attributes) => MapNode | undefined

const translations: Readonly<Record<string, Translate>> = {
  ManualPowerDriver: (_target, { place }) => driverNode(place, 'manual'),
  ExternalPowerDriver: (_target, { place }, attributes) => {
    attributes.remarkOn(
      'cmd_cycle',
      'hil switches off and on by "cmd_off" and "cmd_on"; "cmd_cycle" is not used',
    )
    const [on, off] = [command(attributes, 'cmd_on'), command(attributes, 'cmd_off')]
    return on && off && driverNode(place, 'command', { on, off })
  },
  NetworkPowerDriver: (target, item) => {
    const port = target.resourceOf(item, 'port', ['NetworkPowerPort'])
    return port && translateNetworkPower(target.attributesOf(port))
  },
  PDUDaemonDriver: (target, item) => {
    const port = target.resourceOf(item, 'port', ['PDUDaemonPort'])
    return port && pdudaemon(target.attributesOf(port))
  },
  YKUSHPowerDriver: (target, item) => {
    const port = target.resourceOf(item, 'port', ['YKUSHPowerPort'])
    return port && ykush(target.attributesOf(port))
  },
  TasmotaPowerDriver: (target, item) => {
    const port = target.resourceOf(item, 'power', ['TasmotaPowerPort'])
    return port && tasmota(target.attributesOf(port))
  },
  DigitalOutputPowerDriver: (target, item) => {
    const output = target.driverOf(item, 'output', digitalOutputDrivers)
    return output && translateDigitalOutput(target, output)
  },
  USBPowerDriver: (_target, _item, attributes) => {
    attributes.complain(
      undefined,
      'hil names a hub as uhubctl prints it ("1-1.4"), and a match of udev does not tell that; write "power: { driver: uhubctl, location: ..., port: ... }" in an environment of hil',
    )
    return undefined
  },
  SiSPMPowerDriver: (_target, _item, attributes) => {
    attributes.complain(
      undefined,
      'hil names a power strip by its serial number as sispmctl -s prints it, and a match of udev does not tell that; write "power: { driver: sispmctl, outlet: ... }" in an environment of hil',
    )
    return undefined
  },
}

export const powerDrivers = Object.keys(translations)

/** Those that bind no resource. */
export const localPowerDrivers: readonly string[] = ['ManualPowerDriver', 'ExternalPowerDriver']

export function translatePower(target: Target, item: Item): TranslatedPower | undefined {
  const attributes = target.attributesOf(item)
  const offTime = readOffTime(attributes)
  const power = translations[item.className]?.(target, item, attributes)
  attributes.finish()
  return power && { power, offTime }
}

/** How long the power is off in a cycle, of a driver whose outlet is known elsewhere. */
export function powerOffTime(target: Target, item: Item): Node | undefined {
  const attributes = target.attributesOf(item)
  const offTime = readOffTime(attributes)
  attributes.finish()
  return offTime
}

function readOffTime(attributes: Attributes): Node | undefined {
  const delay = attributes.numberNode('delay')
  return typeof delay?.value === 'number' ? scalar(delay.place, `${delay.value * 1000}ms`) : delay
}

/** A program and its arguments. labgrid starts it without a shell. */
function command(attributes: Attributes, name: string): Node | undefined {
  const text = attributes.required(name)
  return text && commandNode(attributes, name, text)
}

/** Words of a command as a list of ours. */
export function commandNode(
  attributes: Attributes,
  name: string,
  {
    place,
    value,
    written,
  }: { readonly place: Item['place']; readonly value: string; readonly written: string },
): Node | undefined {
  // What a variable holds may be several words; only then its value has to stand there.
  const words = shellWords(value)
  const asWritten = shellWords(written)
  if (words === undefined || words.length === 0) {
    attributes.complain(name, `"${name}" is no command: a quote in it is not closed, or nothing stands there`)
    return undefined
  }
  const kept = asWritten?.length === words.length ? asWritten : words.map(escapeReferences)
  return listOf(
    place,
    kept.map((word) => scalar(place, word)),
  )
}

function pdudaemon(attributes: Attributes): MapNode | undefined {
  const [host, pdu] = [attributes.required('host'), attributes.required('pdu')]
  const index = attributes.textNode('index')
  if (index === undefined) attributes.complain('index', 'has no "index"')
  attributes.finish()
  const url = host && scalar(host.place, `http://${host.written}:16421`)
  return driverNode(attributes.item.place, 'pdudaemon', {
    url,
    pdu: pdu && scalar(pdu.place, pdu.written),
    port: index,
  })
}

function ykush(attributes: Attributes): MapNode | undefined {
  const [serial, port] = [attributes.textNode('serial'), attributes.numberNode('index')]
  attributes.finish()
  return driverNode(attributes.item.place, 'ykush', { port, serial })
}

/** labgrid is told whole topics; hil makes them from the device's own. */
function tasmota(attributes: Attributes): MapNode | undefined {
  const host = attributes.required('host')
  const topics = (['status_topic', 'power_topic', 'avail_topic'] as const).map((name) =>
    attributes.required(name),
  )
  attributes.finish()
  const [, power] = topics
  const [, prefix, topic, relay] = /^(.*?)([^/]+)\/POWER(\d*)$/.exec(power?.written ?? '') ?? []
  if (host === undefined || power === undefined) return undefined
  if (topic === undefined || !/^cmnd\/$/.test(prefix ?? '')) {
    attributes.complain('power_topic', `"power_topic" is "${power.value}"; hil knows "cmnd/DEVICE/POWER"`)
    return undefined
  }
  const { place } = attributes.item
  return driverNode(place, 'tasmota-mqtt', {
    broker: scalar(host.place, `mqtt://${host.written}`),
    topic: scalar(power.place, topic),
    relay: relay === undefined || relay === '' ? undefined : scalar(power.place, Number(relay)),
  })
}

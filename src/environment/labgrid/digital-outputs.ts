import type { MapNode, Node } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { driverNode, mapOf, scalar } from './build.ts'
import type { Item } from './items.ts'
import { translatePattern } from './pattern.ts'
import { serialResources, translateSerial } from './serial.ts'
import type { Target } from './target.ts'

type Translate = (target: Target, item: Item, attributes: Attributes) => MapNode | undefined

/** Relays and pins that can be power switches of ours. */
const translations: Readonly<Record<string, Translate>> = {
  ModbusCoilDriver: (target, item) => modbus(target, item, ['ModbusTCPCoil']),
  WaveShareModbusCoilDriver: (target, item) => modbus(target, item, ['WaveshareModbusTCPCoil']),
  SerialPortDigitalOutputDriver: modemLine,
  HttpDigitalOutputDriver: (target, item) => {
    const output = target.resourceOf(item, 'http', ['HttpDigitalOutput'])
    return output && http(target.attributesOf(output))
  },
}

export const digitalOutputDrivers = [
  ...Object.keys(translations),
  'DeditecRelaisDriver',
  'Eth008DigitalOutputDriver',
  'FileDigitalOutputDriver',
  'GpioDigitalOutputDriver',
  'HIDRelayDriver',
  'LXAIOBusPIODriver',
  'ManualSwitchDriver',
  'OneWirePIODriver',
]

/** The switch that an output is, which a `DigitalOutputPowerDriver` binds. */
export function translateDigitalOutput(target: Target, item: Item): MapNode | undefined {
  const attributes = target.attributesOf(item)
  const translate = translations[item.className]
  if (translate === undefined) {
    attributes.complain(
      undefined,
      `hil has no driver for this output; it has for ${Object.keys(translations).join(', ')}`,
    )
    return undefined
  }
  const power = translate(target, item, attributes)
  attributes.finish()
  return power
}

function modbus(target: Target, item: Item, classNames: readonly string[]): MapNode | undefined {
  const resource = target.resourceOf(item, 'coil', classNames)
  if (resource === undefined) return undefined
  const attributes = target.attributesOf(resource)
  const [address, coil] = [attributes.required('host'), attributes.numberNode('coil')]
  const count = attributes.numberNode('coil_count')
  const inverted = attributes.flag('invert')
  if (coil === undefined) attributes.complain('coil', 'has no "coil"')
  if (attributes.flag('write_multiple_coils')) {
    attributes.complain('write_multiple_coils', 'hil writes a single coil; it can not write several at once')
  }
  attributes.finish()
  if (address === undefined || coil === undefined) return undefined
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(address.written) ?? []
  const { place } = address
  return driverNode(resource.place, 'modbus', {
    host: scalar(place, host),
    port: port === undefined ? undefined : scalar(place, Number(port)),
    coil,
    inverted: inverted ? scalar(place, true) : undefined,
    'read-coils': readCoils(resource, count),
  })
}

function readCoils({ className, place }: Item, count: Node | undefined): Node | undefined {
  return className === 'WaveshareModbusTCPCoil' ? (count ?? scalar(place, 8)) : undefined
}

/** DTR or RTS of a port that a SerialDriver binds. */
function modemLine(target: Target, item: Item, attributes: Attributes): MapNode | undefined {
  const [signal, inverted] = [attributes.required('signal'), attributes.flag('invert')]
  const serial = target.driverOf(item, 'serial', ['SerialDriver'])
  const line = serial && translateSerial(target, serial)
  const port = line?.entries.get('port')?.value
  if (signal === undefined || line === undefined) return undefined
  if (!['dtr', 'rts'].includes(signal.value.toLowerCase())) {
    attributes.complain('signal', `there is no signal "${signal.value}"; there are dtr, rts`)
    return undefined
  }
  if (port === undefined || line.entries.get('host') !== undefined) {
    attributes.complain(
      undefined,
      `hil switches by a line of a port of this machine alone (${serialResources[0]})`,
    )
    return undefined
  }
  return driverNode(item.place, 'modem-line', {
    port,
    line: scalar(signal.place, signal.value.toLowerCase()),
    inverted: inverted ? scalar(signal.place, true) : undefined,
  })
}

function http(attributes: Attributes): MapNode | undefined {
  const [url, on, off] = [
    attributes.required('url'),
    attributes.required('body_asserted'),
    attributes.required('body_deasserted'),
  ]
  const [method, readAt] = [attributes.text('method'), attributes.text('url_get')]
  const isOn = statePattern(attributes, 'body_get_asserted', on?.value)
  const isOff = statePattern(attributes, 'body_get_deasserted', off?.value)
  attributes.finish()
  if (url === undefined || on === undefined || off === undefined) return undefined
  const [address, path] = split(url.written)
  const [readAddress, readPath] = split(readAt?.written ?? url.written)
  if (readAddress !== address) {
    attributes.complain('url_get', 'hil reads and sets at one host; "url_get" is at another one than "url"')
    return undefined
  }
  const request = (body: typeof on) =>
    mapOf(body.place, {
      method: scalar(body.place, method?.value ?? 'PUT'),
      path: scalar(url.place, path),
      body: scalar(body.place, body.written),
    })
  const state = mapOf(url.place, { path: scalar(url.place, readPath), on: isOn, off: isOff })
  return driverNode(attributes.item.place, 'rest', {
    ...{ url: scalar(url.place, address), on: request(on), off: request(off), state },
  })
}

function split(url: string): readonly [address: string, path: string] {
  const [, address = url, path = ''] = /^(\w+:\/\/[^/]*)(.*)$/s.exec(url) ?? []
  return [address, path === '' ? '/' : path]
}

/** labgrid compares the whole answer. */
function statePattern(attributes: Attributes, name: string, body: string | undefined): Node | undefined {
  const pattern = attributes.text(name)
  if (pattern === undefined || pattern.value === '') {
    const { place } = attributes.item
    return body === undefined
      ? undefined
      : scalar(place, `^${body.trim().replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}$`)
  }
  const translated = translatePattern(pattern.value)
  if ('source' in translated) return scalar(pattern.place, `^(?:${translated.source})$`)
  attributes.complain(name, `"${pattern.value}" ${translated.failure}`)
  return undefined
}

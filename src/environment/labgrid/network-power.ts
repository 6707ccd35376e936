import { didYouMean } from '../../core/did-you-mean.ts'
import type { MapNode, Node } from '../source/node.ts'
import type { Place } from '../source/source.ts'
import type { Attributes } from './attributes.ts'
import { listOf, mapOf, scalar } from './build.ts'
import { powerModels, powerOfModel } from './power-models.ts'

/** A `NetworkPowerPort`, whatever model it is. */
export function translateNetworkPower(attributes: Attributes): MapNode | undefined {
  const [model, host] = [attributes.required('model'), attributes.required('host')]
  const index = attributes.number('index')
  attributes.finish()
  if (model === undefined || host === undefined) return undefined
  if (index === undefined) {
    attributes.complain('index', 'has no "index" that is the number of an outlet')
    return undefined
  }
  const { address, user, password } = takeLogin(host.written)
  const section = powerOfModel(model.value, address, index)
  if (section === undefined) {
    const hint = didYouMean(model.value, powerModels)
    const remedy =
      '; in an environment of hil "power: { driver: command, ... }" runs any program that can switch it'
    attributes.complain(
      'model',
      `hil has no driver for the model "${model.value}"; it has for ${powerModels.join(', ')}${hint || remedy}`,
    )
    return undefined
  }
  if (model.value === 'eaton') {
    attributes.remarkOn('model', 'labgrid writes with the SNMP community "public", hil with "private"')
  }
  const secret = password === undefined ? undefined : secretName(address)
  if (secret !== undefined) {
    attributes.remarkOn(
      'host',
      `hil takes no password in an address; it reads this one from the variable ${secret}`,
    )
  }
  return nodeOf(host.place, {
    ...section,
    ...(user !== undefined && { user }),
    ...(secret !== undefined && { password: { env: secret } }),
  }) as MapNode
}

function takeLogin(host: string) {
  const [, scheme = '', user, password, rest = host] =
    /^(\w+:\/\/)(?:([^@/:]*)(?::([^@/]*))?@)?(.*)$/s.exec(host) ?? []
  return { address: `${scheme}${rest}`, user, password }
}

/** `HIL_PASSWORD_10_0_0_40` */
function secretName(address: string): string {
  const [, host = ''] = /^\w+:\/\/([^/]*)/.exec(address) ?? []
  return `HIL_PASSWORD_${host.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
}

function nodeOf(place: Place, value: unknown): Node {
  if (Array.isArray(value)) {
    return listOf(
      place,
      value.map((item) => nodeOf(place, item)),
    )
  }
  if (typeof value === 'object' && value !== null) {
    return mapOf(
      place,
      Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nodeOf(place, item)])),
    )
  }
  return scalar(place, value as string | number | boolean)
}

import { isIPv6 } from 'node:net'
import type { Catalogue } from '../../../board/driver.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import type { PlaceResource } from '../place.ts'
import { driverFor, text } from './driver-for.ts'
import { loginTo, proxyOf, type ExporterLogin } from './proxy.ts'

export const networkServiceClass = 'NetworkService'

/**
 * The login to the booted system that a place tells of. An address may name the interface of the exporter behind it:
 * then it is reached through that machine, which knows the interface by that name.
 */
export function sshOf(
  from: PlaceResource,
  { catalogue, exporters }: { readonly catalogue: Catalogue; readonly exporters: ExporterLogin },
): DriverChoice<'ssh'> {
  const { username, password, port } = from.resource.params
  const [, address = '', zone = ''] = /^([^%]*)(%.*)?$/.exec(text(from, 'address')) ?? []
  const proxy = proxyOf(from.resource)
  const options = {
    // Only addresses of IPv6 have zones; of others the routes of that machine tell the interface.
    host: proxy !== undefined && isIPv6(address) ? `${address}${zone}` : address,
    ...(proxy !== undefined && { jump: [loginTo(proxy, exporters)] }),
    ...(typeof username === 'string' && username !== '' && { user: username }),
    ...(typeof port === 'number' && { port }),
    // Boards are installed anew all the time: labgrid trusts any key.
    hostKey: 'console',
  }
  const secrets = typeof password === 'string' && password !== '' ? { password } : {}
  return driverFor('ssh', { driver: 'ssh2', options, secrets }, from, catalogue)
}

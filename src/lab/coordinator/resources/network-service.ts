import type { Catalogue } from '../../../board/driver.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import type { PlaceResource } from '../place.ts'
import { driverFor, text } from './driver-for.ts'

export const networkServiceClass = 'NetworkService'

/** The login to the booted system that a place tells of. An address may name the interface of the exporter behind it. */
export function sshOf(from: PlaceResource, catalogue: Catalogue): DriverChoice<'ssh'> {
  const { username, password, port } = from.resource.params
  const options = {
    host: text(from, 'address').replace(/%.*$/, ''),
    ...(typeof username === 'string' && username !== '' && { user: username }),
    ...(typeof port === 'number' && { port }),
    // Boards are installed anew all the time: labgrid trusts any key.
    hostKey: 'console',
  }
  const secrets = typeof password === 'string' && password !== '' ? { password } : {}
  return driverFor('ssh', { driver: 'ssh2', options, secrets }, from, catalogue)
}

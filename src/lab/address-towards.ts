import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import type { Interfaces } from './listen-address.ts'

/** Where this machine is in the network of somebody. */
export interface OwnAddress {
  /** Name of the interface. */
  readonly interface: string
  readonly address: string
}

/** From where this machine reaches another one, as its kernel routes; `undefined` where it does not. */
export async function addressTowards(host: string): Promise<OwnAddress | undefined> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    // A UDP socket that is connected has its route, and has sent nothing.
    socket.connect(discardPort, host)
    await once(socket, 'connect')
    return interfaceWith(socket.address().address, networkInterfaces())
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}

/** Which interface has an address of this machine; `undefined` for one that leads nowhere else. */
export function interfaceWith(address: string, interfaces: Interfaces): OwnAddress | undefined {
  const found = Object.entries(interfaces).find(([, own = []]) =>
    own.some((each) => each.address === address && !each.internal),
  )
  return found && { interface: found[0], address }
}

/** RFC 863; any would do. */
const discardPort = 9

import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { HilError } from '../core/errors.ts'
import type { OwnAddress } from './address-towards.ts'
import type { Hardware } from './open-hardware.ts'

/** As `os.networkInterfaces()` gives them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

const allInterfaces = '0.0.0.0'

/**
 * The numeric address to listen at.
 * @param listen an address or the name of an interface; absent: all IPv4 interfaces
 * @throws HilError `tftp.no-such-address` (environment)
 */
export function addressToListenAt(listen: string | undefined, interfaces: Interfaces): string {
  if (listen === undefined) return allInterfaces
  if (isIP(listen) !== 0) return listen
  const found = interfaces[listen]?.find(({ family }) => family === 'IPv4') ?? interfaces[listen]?.[0]
  if (found !== undefined) return found.address
  throw new HilError(
    'tftp.no-such-address',
    `there is no network interface "${listen}" with an address here to serve TFTP from; there are ${describe(interfaces)}`,
    { blame: 'environment', details: { listen } },
  )
}

/**
 * How the board reaches a server that listens at `host`.
 * @throws HilError `tftp.which-address`, `tftp.unreachable` (environment)
 */
export function addressForBoard({
  board,
  host,
  emulated,
  interfaces,
  towards,
}: {
  readonly board: string
  readonly host: string
  readonly emulated: Hardware['emulated']
  readonly interfaces: Interfaces
  /** From where this machine reaches the board's address, where that is known. */
  readonly towards?: OwnAddress | undefined
}): string {
  if (emulated !== undefined) {
    if (emulated.hostAddress !== undefined) return emulated.hostAddress
    throw new HilError(
      'tftp.unreachable',
      `${board} can't reach this host, so it can't fetch from hil's TFTP server: its machine has no network to it`,
      { blame: 'environment', details: { board } },
    )
  }
  if (host !== allInterfaces && host !== '::') return host
  const [only, ...others] = outward(interfaces)
  if (only !== undefined && others.length === 0) return only.address
  if (towards !== undefined) return towards.address
  throw new HilError(
    'tftp.which-address',
    `how does ${board} reach this host's TFTP server? There are ${describe(interfaces)}; ` +
      'name the one on its network: "embedded: { listen: INTERFACE }", or "address" beside it ("hil doctor" finds it out)',
    { blame: 'environment', details: { board } },
  )
}

function outward(interfaces: Interfaces) {
  return Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => ({ name, address })),
  )
}

function describe(interfaces: Interfaces): string {
  const found = outward(interfaces).map(({ name, address }) => `${name} (${address})`)
  return found.join(', ') || 'none but the loopback interface'
}

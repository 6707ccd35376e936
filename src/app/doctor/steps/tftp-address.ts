import type { Bootloader } from '../../../board/bootloader.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { StepFinding } from '../../../core/examination.ts'
import { addressTowards, type OwnAddress } from '../../../lab/address-towards.ts'
import { failed } from '../step.ts'

/** Where a board is, and from where this machine reaches it. */
interface Place {
  readonly board: string
  readonly own: OwnAddress
}

/**
 * Asks a bootloader for the address that it got in its network.
 * @param towards how this machine's kernel routes
 * @returns `undefined` where it got none, or no way leads there
 */
export async function askWhereItIs(
  bootloader: Pick<Bootloader, 'kind' | 'run'>,
  t: Deadline,
  towards: (host: string) => Promise<OwnAddress | undefined> = addressTowards,
): Promise<Place | undefined> {
  const board = await addressAtBootloader(bootloader, t)
  const own = board === undefined ? undefined : await towards(board)
  return board === undefined || own === undefined ? undefined : { board, own }
}

/** What to write, so that nobody has to ask the next time. */
export function addressFinding({ board, own }: Place): StepFinding {
  return failed(
    `this machine has several addresses, and the environment does not say which is the board's: it has ${board} by DHCP, which is reached from ${own.address} (${own.interface})`,
    `write "tftp: { embedded: { listen: ${own.interface} } }" below "network:"`,
    'environment',
  )
}

/** The address that a bootloader has in its network, after it was brought up; `undefined` where it gets none. */
async function addressAtBootloader(
  bootloader: Pick<Bootloader, 'kind' | 'run'>,
  t: Deadline,
): Promise<string | undefined> {
  const bringUp = bootloader.kind === 'barebox' ? ['ifup -a1'] : ['setenv autoload no', 'dhcp']
  const ask = bootloader.kind === 'barebox' ? 'echo $eth0.ipaddr $eth1.ipaddr $eth2.ipaddr' : 'echo $ipaddr'
  for (const command of bringUp) await bootloader.run(command, t)
  const { stdout } = await bootloader.run(ask, t)
  return stdout.match(/\b(?!0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b/)?.[0]
}

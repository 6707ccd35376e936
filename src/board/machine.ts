import type { Deadline } from '../core/deadline.ts'
import type { BootPlan } from './boot-plan.ts'
import type { FileServer } from './file-server.ts'
import type { PowerSwitch } from './power-switch.ts'
import type { NetworkAddress } from './ssh.ts'
import type { OpenTransport } from './transport.ts'

/**
 * Power switch and UART in one: an emulator, a simulator. Its transport outlives the process behind
 * it: with the power off the line is silent, and what is written is dropped, as on a real board.
 */
export interface Machine {
  readonly power: PowerSwitch
  readonly openConsole: OpenTransport
  /** A file server the machine brings along, e.g. QEMU's TFTP. */
  readonly files?: FileServer
  /** This host as the board reaches it by UDP, loopback included; absent where it can't. */
  readonly hostAddress?: string
  /** Where a TCP port of the board is reached from this host, while it has power; absent: by its own address. */
  readonly reach?: (port: number, t: Deadline) => Promise<NetworkAddress>
  /**
   * Starts a kernel by itself from the next power-on on, with files that were published at `files`; absent
   * where it can't.
   */
  readonly loadKernel?: (plan: BootPlan) => void
  /** Name and version of what runs the board, for the report: `{ qemu: '7.2.22' }`. */
  readonly versions: Readonly<Record<string, string>>
  /** What a simulator was asked for and does not simulate, by name: such a run is never a pass. */
  readonly unsupported?: () => readonly string[]
}

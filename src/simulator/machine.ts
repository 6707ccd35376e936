import type { Machine } from '../board/machine.ts'
import { HilError, messageOf } from '../core/errors.ts'
import { SimulatedBoard } from './board.ts'
import { FaultPlan } from './faults/plan.ts'
import { createNetwork, hostAddress } from './network.ts'
import type { SimulatorOptions } from './options.ts'
import { simulatedPower } from './power-switch.ts'
import { seededRandom } from './random.ts'
import type { StartKernel } from './real-kernel.ts'
import type { StockSystem } from './stock-system.ts'
import { Uart } from './wire/uart.ts'

export interface SimulatedMachine extends Machine {
  /** What the board was asked to do and this simulator can't: such a run is no pass. */
  unsupported(): readonly string[]
  /** Cuts the power, frees the line and stops the TFTP server. */
  close(): Promise<void>
}

export interface RealParts {
  /** Starts what the bootloader loaded, in place of the simulated Linux. */
  readonly startKernel?: StartKernel
  /** What is on the disk, in place of a simulated system. */
  readonly stock?: StockSystem
  /** Of the lease of the board; 0 where there is none. @default 0 */
  readonly fence?: number
}

/** A board in this process. @param name for messages */
export function createSimulatedMachine(
  name: string,
  options: SimulatorOptions,
  { startKernel, stock, fence = 0 }: RealParts = {},
): SimulatedMachine {
  const faults = new FaultPlan(options.faults, seededRandom(options.seed))
  const uart = new Uart({
    description: `simulated UART of ${name}${options.baud === undefined ? '' : ` at ${options.baud} baud`}`,
    baud: options.baud,
    wire: faults.wire,
  })
  const unsupported = new Set<string>()
  const network = createNetwork()
  const board = new SimulatedBoard({
    options,
    uart,
    faults,
    network,
    stock,
    startKernel,
    unsupported: (what) => unsupported.add(what),
    crashed: (error) => {
      uart.disconnect(error instanceof HilError ? error : crashError(name, error))
    },
  })
  return {
    power: simulatedPower(
      board,
      faults,
      options.outlets === undefined ? undefined : { file: options.outlets, outlet: name, fence },
    ),
    openConsole: uart.open,
    files: network.files,
    hostAddress,
    versions: { simulator: simulatedVersion(options) },
    unsupported: () => [...unsupported],
    close: async () => {
      const off = board.powerOff()
      uart.close()
      await Promise.all([off, network.close()])
    },
  }
}

/** A bug of ours must not pass for a board that fell silent. */
function crashError(name: string, cause: unknown): HilError {
  return new HilError('simulator.crashed', `the simulator of ${name} has a bug: ${messageOf(cause)}`, {
    blame: 'hil',
    cause,
  })
}

function simulatedVersion({ bootloader, barebox, linux }: SimulatorOptions): string {
  const loader =
    bootloader === 'barebox' ? `barebox ${barebox.version}, ` : bootloader === 'uboot' ? 'U-Boot, ' : ''
  return `${loader}Linux ${linux.release}`
}

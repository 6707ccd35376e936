import { toBytes } from './binary.ts'
import { startBarebox } from './barebox/barebox.ts'
import { initialVariables } from './barebox/variables/stored.ts'
import type { FaultPlan } from './faults/plan.ts'
import { strike } from './faults/strike.ts'
import type { Handover, Hardware, Network, ResetCause, Storage } from './hardware.ts'
import { BoardStopped, Life } from './life.ts'
import { startLinux } from './linux/linux.ts'
import type { SimulatorOptions } from './options.ts'
import { BoardClock } from './wire/board-clock.ts'
import type { Uart } from './wire/uart.ts'
import { Watchdog } from './watchdog.ts'

export interface BoardParts {
  readonly options: SimulatorOptions
  readonly uart: Uart
  readonly faults: FaultPlan
  readonly network: Network
  readonly unsupported: (what: string) => void
  /** A bug of the simulator itself; everything else is part of the play. */
  readonly crashed: (error: unknown) => void
}

/** The board behind the power switch: it lives from power-on to power-off, through any number of resets. */
export class SimulatedBoard {
  readonly #parts: BoardParts
  readonly #storage: Storage
  #life: Life | undefined

  constructor(parts: BoardParts) {
    this.#parts = parts
    this.#storage = {
      starts: 0,
      bareboxVariables: initialVariables(parts.options),
      bareboxDirty: false,
      environmentSaved: false,
      ubootVariables: undefined,
    }
  }

  get powered(): boolean {
    return this.#life !== undefined
  }

  powerOn(): void {
    if (this.#life === undefined) this.#start('POR')
  }

  powerOff(): void {
    this.#life?.stop('power-off')
    this.#life = undefined
    this.#parts.uart.unplug()
  }

  #start(resetCause: ResetCause): void {
    const life = new Life(new BoardClock(this.#parts.options.speed))
    this.#storage.bareboxDirty = false
    this.#life = life
    const hardware = this.#hardware(life, resetCause)
    start(hardware).catch((error: unknown) => {
      if (!(error instanceof BoardStopped)) this.#parts.crashed(error)
    })
  }

  #hardware(life: Life, resetCause: ResetCause): Hardware {
    const { options, uart, faults, network, unsupported } = this.#parts
    let silent = false
    const hardware: Hardware = {
      options,
      life,
      faults,
      storage: this.#storage,
      resetCause,
      network,
      watchdog: undefined,
      unsupported,
      send: (text) => {
        life.check()
        return silent ? undefined : uart.send(toBytes(text))
      },
      receive: (receiver) => {
        uart.plugIn((bytes) => {
          receiver(bytes)
        })
      },
      reach: async (point) => {
        for (const fault of faults.at(point)) {
          if (fault.name === 'silent') silent = true
          await strike(hardware, fault, uart)
        }
      },
      panic: async (reason) => {
        await hardware.send(`\r\nPANIC: ${reason}\r\n`)
        return hardware.reset('RST')
      },
      reset: (cause) => {
        life.stop('reset')
        uart.release()
        this.#start(cause)
        return life.hang()
      },
      powerOff: () => {
        life.stop('power-off')
        uart.release()
        return life.hang()
      },
    }
    const seconds = options.watchdogTimeout
    if (seconds > 0) hardware.watchdog = new Watchdog(hardware, seconds)
    return hardware
  }
}

/** What a ROM needs before the bootloader runs, in milliseconds of board time. */
const romTimeMs = 50

async function start(hardware: Hardware): Promise<void> {
  // The first byte comes after whoever switched the power on has had its turn; and a board that
  // resets for ever leaves the process its time.
  if (hardware.resetCause === 'POR') await hardware.life.breathe()
  else await hardware.life.sleep(romTimeMs)
  await hardware.reach('power-on')
  const kernel = (handover: Handover) => startLinux(hardware, handover)
  if (hardware.options.bootloader === 'none') await kernel({ commandLine: hardware.options.linux.bootargs })
  else await startBarebox(hardware, kernel)
}

import { toBytes } from './binary.ts'
import { startBarebox } from './barebox/barebox.ts'
import { initialVariables } from './barebox/variables/stored.ts'
import type { FaultPlan } from './faults/plan.ts'
import { strike } from './faults/strike.ts'
import type { Handover, Hardware, Network, ResetCause, Storage } from './hardware.ts'
import { BoardStopped, Life } from './life.ts'
import { refuseForeignParts } from './linux/foreign-parts.ts'
import { startLinux } from './linux/linux.ts'
import type { SimulatorOptions } from './options.ts'
import { runKernel, withFittingTree, type RunningKernel, type StartKernel } from './real-kernel.ts'
import type { StockSystem } from './stock-system.ts'
import { BoardClock } from './wire/board-clock.ts'
import type { Uart } from './wire/uart.ts'
import { Watchdog } from './watchdog.ts'

export interface BoardParts {
  readonly options: SimulatorOptions
  readonly uart: Uart
  readonly faults: FaultPlan
  readonly network: Network
  readonly unsupported: (what: string) => void
  /** Files of the stock system on the disk. */
  readonly stock: StockSystem | undefined
  /** Absent: Linux is simulated. */
  readonly startKernel: StartKernel | undefined
  /** A bug of the simulator itself; everything else is part of the play. */
  readonly crashed: (error: unknown) => void
}

/** The board behind the power switch: it lives from power-on to power-off, through any number of resets. */
export class SimulatedBoard {
  readonly #parts: BoardParts
  readonly #storage: Storage
  #life: Life | undefined
  /** The one that was started last. */
  #kernel: Promise<RunningKernel> | undefined

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

  /** Off at once; resolves when a kernel that really ran is gone too. */
  async powerOff(): Promise<void> {
    this.#life?.stop('power-off')
    this.#life = undefined
    this.#parts.uart.unplug()
    const kernel = this.#kernel
    this.#kernel = undefined
    // Whoever waited for its start has the error, if there was one.
    await (await kernel?.catch(() => undefined))?.stop()
  }

  #start(resetCause: ResetCause): void {
    const life = new Life(new BoardClock(this.#parts.options.speed))
    this.#storage.bareboxDirty = false
    this.#life = life
    const hardware = this.#hardware(life, resetCause)
    this.#run(hardware).catch((error: unknown) => {
      if (!(error instanceof BoardStopped)) this.#parts.crashed(error)
    })
  }

  async #run(hardware: Hardware): Promise<never> {
    // The first byte comes after whoever switched the power on has had its turn; and a board that
    // resets for ever leaves the process its time.
    if (hardware.resetCause === 'POR') await hardware.life.breathe()
    else await hardware.life.sleep(romTimeMs)
    await hardware.reach('power-on')
    const kernel = (handover: Handover) => this.#startKernel(hardware, handover)
    if (hardware.options.bootloader !== 'none') return startBarebox(hardware, kernel)
    return kernel({ commandLine: hardware.options.linux.bootargs })
  }

  async #startKernel(hardware: Hardware, handover: Handover): Promise<never> {
    const { startKernel } = this.#parts
    if (startKernel === undefined) {
      refuseForeignParts(hardware, handover)
      return startLinux(hardware, handover)
    }
    hardware.life.check()
    this.#kernel = startKernel(withFittingTree(handover, hardware))
    return runKernel(hardware, await hardware.life.during(this.#kernel))
  }

  #hardware(life: Life, resetCause: ResetCause): Hardware {
    const { options, uart, faults, network, unsupported, stock } = this.#parts
    let silent = false
    const hardware: Hardware = {
      options,
      life,
      faults,
      storage: this.#storage,
      resetCause,
      network,
      stock,
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

import type { Hardware } from './hardware.ts'

/** A watchdog that was started before barebox, by hardware or a ROM: at the prompt nobody feeds it. */
export class Watchdog {
  readonly #hardware: Hardware
  #seconds = 0
  #stop: () => void = () => undefined

  constructor(hardware: Hardware, seconds: number) {
    this.#hardware = hardware
    this.start(seconds)
  }

  feed(): void {
    this.start(this.#seconds)
  }

  /** Counts anew from so many seconds; 0 stops it. */
  start(seconds: number): void {
    this.#stop()
    this.#seconds = seconds
    if (seconds === 0) return
    const bitten = this.#hardware.life.wait<boolean>((resolve) => {
      const cancel = this.#hardware.life.clock.after(seconds * 1000, () => {
        resolve(true)
      })
      this.#stop = () => {
        cancel()
        resolve(false)
      }
      return cancel
    })
    bitten.then(
      (bites) => {
        // The reset stops everything that runs; it has no end to wait for.
        if (bites) this.#hardware.reset('WDG').catch(() => undefined)
      },
      () => undefined,
    )
  }
}

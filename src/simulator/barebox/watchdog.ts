import type { Hardware } from '../hardware.ts'

/** A watchdog that was started before barebox, by the ROM or by hardware: nobody at the prompt feeds it. */
export function startWatchdog(hardware: Hardware): void {
  const { watchdogTimeout } = hardware.options.barebox
  if (watchdogTimeout > 0) bite(hardware, watchdogTimeout)
}

/** Resets the board after so many seconds unless its life ends before. */
export function bite(hardware: Hardware, seconds: number): () => void {
  let stop: () => void = () => undefined
  hardware.life
    .wait<void>((resolve) => {
      const cancel = hardware.life.clock.after(seconds * 1000, () => {
        resolve()
      })
      stop = cancel
      return cancel
    })
    .then(
      () => hardware.reset('WDG'),
      () => undefined,
    )
    .catch(() => undefined)
  return () => {
    stop()
  }
}

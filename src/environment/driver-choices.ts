import type { BoardSpec, DriverChoice } from './environment.ts'

/** All drivers of a board, with their options. */
export function driverChoices(spec: BoardSpec): readonly DriverChoice[] {
  const { hardware, otherConsoles, bootloader, firstBootloader, shell, ssh } = spec
  const { storage, recovery, recoveryStrap } = spec
  const choices = [
    ...Object.values<DriverChoice>(hardware),
    ...otherConsoles.map(({ choice }) => choice),
    bootloader,
    firstBootloader,
    shell,
    ssh,
    storage,
    recovery,
    recoveryStrap,
  ]
  return choices.filter((choice) => choice !== undefined)
}

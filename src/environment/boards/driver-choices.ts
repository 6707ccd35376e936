import type { BoardSpec, DriverChoice } from '../environment.ts'

/** All drivers of a board, with their options. */
export function driverChoices(spec: BoardSpec): readonly DriverChoice[] {
  const { hardware, otherConsoles, bootloader, firstBootloader, shell, ssh } = spec
  const { storage, recovery, recoveryStrap } = spec
  const choices = [
    ...hardwareChoices(hardware),
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

/** What a place brings is not known before it is acquired. */
export function hardwareChoices(hardware: BoardSpec['hardware']): readonly DriverChoice[] {
  if ('machine' in hardware) return [hardware.machine]
  const { power, console } = 'place' in hardware ? hardware.place : hardware
  return [power, console].filter((choice) => choice !== undefined)
}

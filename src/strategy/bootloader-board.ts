import type { Bootloader } from '../board/bootloader.ts'
import type { Console } from '../board/console.ts'
import type { Shell } from '../board/shell.ts'
import {
  bootLinux,
  logIn,
  powerOff,
  powerOnIntoBootloader,
  probePrompts,
  rebootIntoBootloader,
} from './edges.ts'
import type { AnyEdge, StrategyDefinition } from './strategy.ts'

/** What a board with a bootloader offers in its states. */
export type BootloaderStates = {
  readonly off: undefined
  readonly bootloader: Bootloader
  readonly linux: Console
  readonly shell: Shell
}

/** From the bootloader that is used to a shell. */
export const bootAndLogIn = [
  { from: 'bootloader', to: 'linux', budget: '60s', enter: bootLinux },
  { from: 'linux', to: 'shell', budget: '2 min', enter: logIn },
] as const satisfies readonly AnyEdge<BootloaderStates>[]

/** A board with a bootloader that can be stopped: power, autoboot stopped, boot, login. A strategy to build on. */
export const bootloaderBoard = {
  states: {
    off: 'without power',
    bootloader: "at its bootloader's prompt",
    linux: 'handed over to the kernel',
    shell: 'at a shell in userspace',
  },
  rest: 'off',
  reset: powerOff,
  probe: probePrompts,
  edges: [
    { from: 'off', to: 'bootloader', budget: '30s', retries: 1, enter: powerOnIntoBootloader },
    ...bootAndLogIn,
    { from: 'shell', to: 'bootloader', budget: '60s', resets: true, enter: rebootIntoBootloader },
  ],
} as const satisfies Omit<StrategyDefinition<BootloaderStates>, 'name'>

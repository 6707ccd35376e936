import {
  bootAndLogIn,
  bootloaderBoard,
  defineStrategy,
  loadBootloader,
  powerOnIntoRecovery,
  type BootloaderStates,
  type InRecovery,
} from 'hil'

const { off, bootloader, linux, shell } = bootloaderBoard.states

/** A board that has no bootloader, or not the one that is to be tried: each start from `off` loads one by USB. */
export default defineStrategy<BootloaderStates & { recovery: InRecovery }>()({
  ...bootloaderBoard,
  name: 'usb-recovery',
  states: { off, recovery: 'waiting for a bootloader by USB', bootloader, linux, shell },
  edges: [
    { from: 'off', to: 'recovery', budget: '30s', retries: 1, enter: powerOnIntoRecovery },
    { from: 'recovery', to: 'bootloader', budget: '3 min', retries: 1, enter: loadBootloader },
    ...bootAndLogIn,
  ],
})

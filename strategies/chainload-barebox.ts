import {
  bootAndLogIn,
  bootloaderBoard,
  chainloadBootloader,
  defineStrategy,
  powerOnIntoFirstBootloader,
  rebootIntoFirstBootloader,
  type Bootloader,
  type BootloaderStates,
} from 'hil'

const { off, linux, shell } = bootloaderBoard.states

/**
 * A board whose own bootloader can't override what it boots late (U-Boot, an older barebox): it fetches
 * a barebox from the network, which runs beside it in memory, and all else is as with `barebox`. What is
 * in the board's flash stays as it is.
 */
export default defineStrategy<BootloaderStates & { 'first-bootloader': Bootloader }>()({
  ...bootloaderBoard,
  name: 'chainload-barebox',
  states: {
    off,
    'first-bootloader': "at the prompt of the board's own bootloader",
    bootloader: 'at the prompt of the barebox that it has fetched',
    linux,
    shell,
  },
  edges: [
    { from: 'off', to: 'first-bootloader', budget: '30s', retries: 1, enter: powerOnIntoFirstBootloader },
    { from: 'first-bootloader', to: 'bootloader', budget: '30s', retries: 1, enter: chainloadBootloader },
    ...bootAndLogIn,
    { from: 'shell', to: 'first-bootloader', budget: '60s', resets: true, enter: rebootIntoFirstBootloader },
  ],
})

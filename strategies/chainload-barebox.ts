import {
  bootLinux,
  chainloadBootloader,
  defineStrategy,
  logIn,
  powerOff,
  powerOnIntoFirstBootloader,
  probePrompts,
  rebootIntoFirstBootloader,
  type Bootloader,
  type Console,
  type Shell,
} from 'hil'

/**
 * A board whose own bootloader can't override what it boots late (U-Boot, an older barebox): it fetches
 * a barebox from the network, which runs beside it in memory, and all else is as with `barebox`. What is
 * in the board's flash stays as it is.
 */
export default defineStrategy<{
  off: undefined
  'first-bootloader': Bootloader
  bootloader: Bootloader
  linux: Console
  shell: Shell
}>()({
  name: 'chainload-barebox',
  states: {
    off: 'without power',
    'first-bootloader': "at the prompt of the board's own bootloader",
    bootloader: 'at the prompt of the barebox that it has fetched',
    linux: 'handed over to the kernel',
    shell: 'at a shell in userspace',
  },
  rest: 'off',
  reset: powerOff,
  probe: probePrompts,
  edges: [
    { from: 'off', to: 'first-bootloader', budget: '30s', retries: 1, enter: powerOnIntoFirstBootloader },
    { from: 'first-bootloader', to: 'bootloader', budget: '30s', retries: 1, enter: chainloadBootloader },
    { from: 'bootloader', to: 'linux', budget: '60s', enter: bootLinux },
    { from: 'linux', to: 'shell', budget: '2 min', enter: logIn },
    { from: 'shell', to: 'first-bootloader', budget: '60s', enter: rebootIntoFirstBootloader },
  ],
})

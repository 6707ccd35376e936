import {
  bootLinux,
  defineStrategy,
  logIn,
  powerOff,
  powerOnIntoBootloader,
  probePrompts,
  rebootIntoBootloader,
  type Bootloader,
  type Console,
  type Shell,
} from 'hil'

/** A board with barebox: power, autoboot stopped, `boot`, login. */
export default defineStrategy<{
  off: undefined
  bootloader: Bootloader
  linux: Console
  shell: Shell
}>()({
  name: 'barebox',
  states: {
    off: 'without power',
    bootloader: "at barebox's prompt",
    linux: 'handed over to the kernel',
    shell: 'at a shell in userspace',
  },
  rest: 'off',
  reset: powerOff,
  probe: probePrompts,
  edges: [
    { from: 'off', to: 'bootloader', budget: '30s', retries: 1, enter: powerOnIntoBootloader },
    { from: 'bootloader', to: 'linux', budget: '60s', enter: bootLinux },
    { from: 'linux', to: 'shell', budget: '2 min', enter: logIn },
    { from: 'shell', to: 'bootloader', budget: '60s', enter: rebootIntoBootloader },
  ],
})

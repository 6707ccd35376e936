import { defineStrategy, logIn, powerOff, powerOnIntoLinux, probeShell, type Console, type Shell } from 'hil'

/** A board that boots to its userspace by itself, or whose bootloader is nobody's business. */
export default defineStrategy<{ off: undefined; linux: Console; shell: Shell }>()({
  name: 'direct',
  states: {
    off: 'without power',
    linux: 'on the way to userspace',
    shell: 'at a shell in userspace',
  },
  rest: 'off',
  reset: powerOff,
  probe: probeShell,
  edges: [
    { from: 'off', to: 'linux', budget: '60s', retries: 1, enter: powerOnIntoLinux },
    { from: 'linux', to: 'shell', budget: '2 min', enter: logIn },
  ],
})

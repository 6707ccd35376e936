import {
  defineStrategy,
  kexecIntoPayload,
  logIn,
  powerOff,
  powerOnIntoSystem,
  probeOff,
  type Console,
  type InSystem,
  type Shell,
} from 'hil'

/** A board without a bootloader to drive: the system that it boots by itself starts the payload by kexec. */
export default defineStrategy<{ off: undefined; system: InSystem; linux: Console; shell: Shell }>()({
  name: 'kexec',
  states: {
    off: 'without power',
    system: 'at a shell of the system that it has',
    linux: 'handed over to the kernel of the payload',
    shell: 'at a shell in userspace',
  },
  rest: 'off',
  reset: powerOff,
  probe: probeOff,
  edges: [
    { from: 'off', to: 'system', budget: '3 min', retries: 1, enter: powerOnIntoSystem },
    { from: 'system', to: 'linux', budget: '3 min', resets: true, enter: kexecIntoPayload },
    { from: 'linux', to: 'shell', budget: '2 min', enter: logIn },
  ],
})

import {
  bootAndLogIn,
  bootloaderBoard,
  defineStrategy,
  powerOnIntoBootloader,
  writeStorage,
  type BootloaderStates,
} from 'hil'

const { off, bootloader, linux, shell } = bootloaderBoard.states

/** A board that boots from a memory card in a mux: each start from `off` writes the environment's image first. */
export default defineStrategy<BootloaderStates & { written: undefined }>()({
  ...bootloaderBoard,
  name: 'sd-mux',
  states: { off, written: 'without power, its image on its memory card', bootloader, linux, shell },
  edges: [
    { from: 'off', to: 'written', budget: '20 min', enter: writeStorage },
    { from: 'written', to: 'bootloader', budget: '30s', retries: 1, enter: powerOnIntoBootloader },
    ...bootAndLogIn,
    ...bootloaderBoard.edges.filter(({ from, to }) => from === 'shell' && to === 'bootloader'),
  ],
})

import { bootloaderBoard, defineStrategy, type BootloaderStates } from 'hil'

/** A board with barebox: power, autoboot stopped, `boot`, login. */
export default defineStrategy<BootloaderStates>()({
  ...bootloaderBoard,
  name: 'barebox',
  states: { ...bootloaderBoard.states, bootloader: "at barebox's prompt" },
})

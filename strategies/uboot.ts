import { bootloaderBoard, defineStrategy, type BootloaderStates } from 'hil'

/** A board with U-Boot: power, autoboot stopped, boot command, login. */
export default defineStrategy<BootloaderStates>()({
  ...bootloaderBoard,
  name: 'uboot',
  states: { ...bootloaderBoard.states, bootloader: "at U-Boot's prompt" },
})

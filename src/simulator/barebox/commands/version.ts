import { versionLine } from '../banner.ts'
import type { Command } from './command.ts'

export const version: Command = async (barebox) => {
  await barebox.print(`\n${versionLine(barebox.hardware.options.barebox.version)} (multi_v8_defconfig)\n\n`)
  return 0
}

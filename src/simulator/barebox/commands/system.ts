import { UsageError, parseOptions, type Command } from './command.ts'

export const reset: Command = (barebox) => barebox.hardware.reset('RST')

export const poweroff: Command = (barebox) => barebox.hardware.powerOff()

/** `sleep` counts seconds, `msleep` milliseconds; Ctrl-C ends it with status 1. */
export const sleep: Command = async (barebox, argv) => {
  const { operands } = parseOptions(argv, 'b')
  const amount = operands[0]
  if (operands.length !== 1 || amount === undefined) throw new UsageError('')
  const count = Number.parseInt(amount, 10) || 0
  return (await barebox.console.sleep(argv[0] === 'msleep' ? count : count * 1000)) ? 1 : 0
}

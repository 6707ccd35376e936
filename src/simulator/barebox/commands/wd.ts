import { optionValue, parseOptions, type Command } from './command.ts'

/** Arms, feeds and stops the watchdog. */
export const wd: Command = {
  summary: 'enable/disable/trigger the watchdog',
  usage: '[-d DEVICE] [-x] [TIME]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'd:px')
    const { watchdog } = barebox.hardware
    if (watchdog === undefined || optionValue(parsed, 'd') !== undefined) {
      await barebox.print("Watchdog device doesn't exist.\n")
      return 1
    }
    const seconds = parsed.operands[0]
    if (parsed.options.some(({ letter }) => letter === 'x')) watchdog.start(0)
    else if (seconds === undefined) watchdog.feed()
    else if (/^\d+$/.test(seconds)) watchdog.start(Number(seconds))
    else {
      await barebox.print('numerical parameter expected\n')
      return 1
    }
    return 0
  },
}

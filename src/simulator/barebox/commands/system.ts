import { versionLine } from '../banner.ts'
import { saveVariables } from '../save-variables.ts'
import { hasOption, parseOptions, type Command } from './command.ts'

export const reset: Command = {
  summary: 'perform RESET of the CPU',
  usage: '[-flrw]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'flwr:')
    if (hasOption(parsed, 'l')) barebox.hardware.unsupported('barebox: reset -l')
    if (hasOption(parsed, 'r')) {
      await barebox.print('No matching restart handler found\n')
      return 1
    }
    if (!hasOption(parsed, 'f')) await saveVariables(barebox)
    return barebox.hardware.reset('RST')
  },
}

export const poweroff: Command = {
  summary: 'turn the power off',
  run: async ({ barebox }) => {
    await saveVariables(barebox)
    return barebox.hardware.powerOff()
  },
}

export const version: Command = {
  summary: 'print barebox version',
  run: async ({ barebox }) => {
    await barebox.print(`\n${versionLine(barebox.hardware.options.barebox.version)} (multi_v8_defconfig)\n\n`)
    return 0
  },
}

export const clear: Command = {
  summary: 'clear screen',
  run: async ({ barebox }) => {
    await barebox.print('\x1b[2J\x1b[;H')
    return 0
  },
}

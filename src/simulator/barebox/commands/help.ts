import { usageText, type Command } from './command.ts'
import { commands } from './index.ts'

/** Lists the commands that are simulated, or shows how one is used. */
export const help: Command = {
  summary: 'print online help',
  usage: '[-v] [COMMAND]',
  run: async ({ barebox, argv }) => {
    const name = argv[1]
    if (name === undefined) {
      await barebox.print(
        `\nCommands:\n  ${Object.keys(commands).sort().join(', ')}\nUse 'help COMMAND' for more details.\n\n`,
      )
      return 0
    }
    if (name.startsWith('-')) barebox.hardware.unsupported(`barebox: help ${name}`)
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command !== undefined) {
      await barebox.print(usageText(name, command))
      return 0
    }
    await barebox.print(
      `Unknown command '${name}' - try 'help' without arguments for list of all known commands\n\n`,
    )
    return 1
  },
}

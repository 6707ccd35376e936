import { parseOptions, type Command } from './command.ts'

/** `global [-r] [NAME[=VALUE]]...` */
export const global: Command = async (barebox, argv) => {
  const { options, operands } = parseOptions(argv, 'r')
  if (operands.length === 0) await barebox.print(barebox.variables.listGlobals())
  for (const word of operands) {
    const equals = word.indexOf('=')
    const name = equals === -1 ? word : word.slice(0, equals)
    if (options.length > 0) barebox.variables.removeGlobal(name)
    else if (!barebox.variables.defineGlobal(name, equals === -1 ? undefined : word.slice(equals + 1))) {
      await barebox.print(`Cannot set parameter global.${name}: Invalid argument\n`)
    }
  }
  return 0
}

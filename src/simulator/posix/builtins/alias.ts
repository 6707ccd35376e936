import type { Builtin } from './builtin.ts'

/** Aliases are kept and listed; replacing commands by them is not simulated. */
export const alias: Builtin = async (shell, argv) => {
  for (const word of argv.slice(1)) {
    const equals = word.indexOf('=')
    if (equals > 0) {
      shell.system.unsupported('linux: alias')
      shell.aliases.set(word.slice(0, equals), word.slice(equals + 1))
    } else {
      await shell.complain(`alias: ${word} not found`)
      return 1
    }
  }
  if (argv.length === 1) for (const [name, value] of shell.aliases) await shell.print(`${name}='${value}'\n`)
  return 0
}

export const unalias: Builtin = (shell, argv) => {
  if (argv[1] === '-a') shell.aliases.clear()
  for (const name of argv.slice(1)) shell.aliases.delete(name)
  return 0
}

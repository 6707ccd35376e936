import { findKnownProgram } from '../find-program.ts'
import { runCommandNamed } from '../execute/named-command.ts'
import { ShellJump, type Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'
import { isBuiltin, specialBuiltins } from './index.ts'

export const command: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  if (words[0] === '-v' || words[0] === '-V') {
    const found = describe(shell, words[1] ?? '')
    if (found === undefined) return shell.flavour === 'bash' ? 1 : 127
    await shell.print(`${found}\n`)
    return 0
  }
  if (words[0] === '-p') words.shift()
  const name = words[0]
  if (name === undefined) return 0
  const special = Object.hasOwn(specialBuiltins, name) ? specialBuiltins[name] : undefined
  if (special === undefined) return runCommandNamed(shell, words)
  try {
    return await special(shell, words)
  } catch (error) {
    // Behind `command` an error of a special builtin ends nothing.
    if (error instanceof ShellJump && error.kind === 'error') return error.value
    throw error
  }
}

export const type: Builtin = async (shell, argv) => {
  let status = 0
  for (const name of argv.slice(1)) {
    const found = describe(shell, name)
    if (found === undefined) status = 127
    const what =
      found === undefined
        ? 'not found'
        : shell.functions.has(name)
          ? 'is a function'
          : isBuiltin(name)
            ? 'is a shell builtin'
            : `is ${found}`
    await shell.print(found === undefined ? `${name}: ${what}\n` : `${name} ${what}\n`)
  }
  return status
}

function describe(shell: Shell, name: string): string | undefined {
  if (shell.functions.has(name) || isBuiltin(name)) return name
  if (findKnownProgram(shell.system, name) === undefined) {
    if (!shell.system.absent.has(name)) shell.system.unsupported(`linux: command ${name}`)
    return undefined
  }
  return name.includes('/') ? name : `/bin/${name}`
}

import { ShellJump, type Shell } from '../shell.ts'
import type { Command } from '../syntax.ts'
import { runCommand } from './compound.ts'

export async function callFunction(shell: Shell, body: Command, argv: readonly string[]): Promise<number> {
  const { positional, loopDepth } = shell
  shell.positional = argv.slice(1)
  shell.functionDepth += 1
  shell.loopDepth = 0
  shell.locals.push(new Map())
  try {
    return await runCommand(shell, body)
  } catch (error) {
    if (error instanceof ShellJump && error.kind === 'return') return error.value
    throw error
  } finally {
    for (const [name, value] of shell.locals.pop() ?? []) {
      if (value === undefined) shell.variables.delete(name)
      else shell.variables.set(name, value)
    }
    shell.positional = positional
    shell.functionDepth -= 1
    shell.loopDepth = loopDepth
  }
}

import { specialBuiltins } from '../builtins/index.ts'
import { expandOne, expandWords } from '../expand.ts'
import { withRedirects } from '../redirect.ts'
import type { Shell } from '../shell.ts'
import type { Command, Word } from '../syntax.ts'
import { callFunction } from './function.ts'
import { runCommandNamed, withVariables } from './named-command.ts'
import { substitute } from './substitute.ts'

type SimpleCommand = Extract<Command, { kind: 'simple' }>

export async function runSimple(shell: Shell, command: SimpleCommand): Promise<number> {
  shell.substitutionStatus = undefined
  const argv = await expandWords(shell, command.words, substitute)
  const run = () => (argv.length === 0 ? assignOnly(shell, command) : runArgv(shell, command, argv))
  if (shell.options.has('x') && argv.length > 0) {
    await shell.streams.get(2)?.write?.(`+ ${argv.join(' ')}\n`, shell.signals)
  }
  if (command.redirects.length === 0) return run()
  if (argv[0] === 'exec' && argv.length === 1)
    return withRedirects(shell, command.redirects, substitute, run, { keep: true })
  return withRedirects(shell, command.redirects, substitute, run)
}

async function assignOnly(shell: Shell, { assignments }: SimpleCommand): Promise<number> {
  for (const { name, value } of assignments) shell.set(name, await expandOne(shell, value, substitute))
  return shell.substitutionStatus ?? 0
}

async function runArgv(
  shell: Shell,
  { assignments }: SimpleCommand,
  argv: readonly string[],
): Promise<number> {
  const name = argv[0] ?? ''
  const values = await expandAssignments(shell, assignments)
  const special = Object.hasOwn(specialBuiltins, name) ? specialBuiltins[name] : undefined
  if (special !== undefined) {
    for (const [variable, value] of values) shell.set(variable, value)
    return special(shell, argv)
  }
  const body = shell.functions.get(name)
  if (body !== undefined) return withVariables(shell, values, () => callFunction(shell, body, argv))
  return runCommandNamed(shell, argv, values)
}

async function expandAssignments(
  shell: Shell,
  assignments: readonly { name: string; value: Word }[],
): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  for (const { name, value } of assignments) values.set(name, await expandOne(shell, value, substitute))
  return values
}

import { builtins } from '../builtins/index.ts'
import { findProgram } from '../find-program.ts'
import type { Shell } from '../shell.ts'
import { Signalled, SignalTarget } from '../signals.ts'
import { BrokenPipe } from '../streams.ts'
import { inForeground } from './subshell.ts'

/** Runs a builtin or a program, no function: what `command` does. */
export async function runCommandNamed(
  shell: Shell,
  argv: readonly string[],
  values: ReadonlyMap<string, string> = new Map(),
): Promise<number> {
  const name = argv[0] ?? ''
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined
  if (builtin !== undefined) return withVariables(shell, values, async () => builtin(shell, argv))
  const program = await findProgram(shell, name)
  if (typeof program === 'number') return program
  const signals = new SignalTarget(shell.signals.life, (signal) => shell.ignores(signal))
  return inForeground(shell, signals, shell.inBackground, async () => {
    try {
      return await program({
        system: shell.system,
        argv,
        environment: new Map([...shell.environment(), ...values]),
        directory: shell.directory,
        streams: shell.streams,
        signals,
        user: shell.user,
        session: shell.session,
      })
    } catch (error) {
      if (error instanceof Signalled) return error.status
      if (error instanceof BrokenPipe) return 141
      throw error
    }
  })
}

/** Variables set for one command alone. */
export async function withVariables(
  shell: Shell,
  values: ReadonlyMap<string, string>,
  work: () => Promise<number>,
): Promise<number> {
  if (values.size === 0) return work()
  const before = [...values.keys()].map(
    (name) => [name, shell.variables.get(name), shell.exported.has(name)] as const,
  )
  for (const [name, value] of values) {
    shell.set(name, value)
    shell.exported.add(name)
  }
  try {
    return await work()
  } finally {
    for (const [name, value, exported] of before) {
      if (value === undefined) shell.variables.delete(name)
      else shell.variables.set(name, value)
      if (!exported) shell.exported.delete(name)
    }
  }
}

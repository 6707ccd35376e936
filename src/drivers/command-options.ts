import { z } from 'zod'
import type { DriverContext } from '../board/driver.ts'
import { secretReference } from '../board/option-types.ts'

/** A command of the user's: a list is program and arguments as they are, a text is for `/bin/sh`. */
export function commandOption(description: string) {
  return z
    .union([z.string().min(1), z.array(z.string()).min(1)])
    .describe(`${description} A text is run by /bin/sh; a list is a program and its arguments.`)
}

export type Command = z.output<ReturnType<typeof commandOption>>

export function argvOf(command: Command): readonly [file: string, ...args: string[]] {
  if (typeof command === 'string') return ['/bin/sh', '-c', command]
  const [file = '', ...args] = command
  return [file, ...args]
}

/** As a person would type it, for messages. */
export function commandText(command: Command): string {
  return typeof command === 'string' ? command : command.join(' ')
}

/** Environment variables for commands; a value may be a reference to a secret. */
export const environmentOption = z
  .record(z.string(), z.union([z.string(), secretReference]))
  .default({})
  .describe("Environment variables, added to hil's own.")

export type EnvironmentOption = z.output<typeof environmentOption>

export async function readEnvironment(
  variables: EnvironmentOption,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<Record<string, string>> {
  const entries = Object.entries(variables).map(
    async ([name, value]) => [name, typeof value === 'string' ? value : await secret(value)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

import { UsageError, hasOption, parseOptions, type Command, type ParsedOptions } from './command.ts'

/** Creates, sets and lists global variables. A value that is refused is ignored without a word. */
export const global: Command = {
  summary: 'create or set global variables',
  usage: '[-r] [VAR[=VALUE] ...]',
  run: async ({ barebox, argv }) => {
    const parsed = await lenient(argv, 'r', (message) => barebox.print(`${message}\n`))
    if (parsed.operands.length === 0) await barebox.print(barebox.variables.listGlobals())
    for (const word of parsed.operands) {
      const { name, value } = splitAssignment(word)
      if (hasOption(parsed, 'r')) barebox.variables.removeGlobal(name)
      else barebox.variables.defineGlobal(name, value)
    }
    return 0
  },
}

export function splitAssignment(word: string): { name: string; value: string | undefined } {
  const equals = word.indexOf('=')
  return equals === -1
    ? { name: word, value: undefined }
    : { name: word.slice(0, equals), value: word.slice(equals + 1) }
}

/** Some commands complain about an unknown option and go on. */
async function lenient(
  argv: readonly string[],
  known: string,
  complain: (message: string) => Promise<void> | undefined,
): Promise<ParsedOptions> {
  try {
    return parseOptions(argv, known)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    await complain(error.message)
    return { options: [], operands: argv.slice(1).filter((word) => !word.startsWith('-')) }
  }
}

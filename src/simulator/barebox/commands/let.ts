import { evaluateArithmetic } from '../../posix/arithmetic.ts'
import { ShellSyntaxError } from '../../posix/syntax.ts'
import { UsageError, type Command } from './command.ts'

/** Arithmetic; the status is 1 when the last value is 0. */
export const letCommand: Command = {
  summary: 'evaluate arithmetic expressions',
  usage: 'EXPR [EXPR ...]',
  run: async ({ barebox, argv }) => {
    if (argv.length < 2) throw new UsageError('let: expression expected')
    let value = '0'
    for (const expression of argv.slice(1)) {
      try {
        value = evaluateArithmetic(expression, {
          get: (name) => barebox.variables.get(name) ?? '',
          set: (name, result) => void barebox.variables.set(name, result),
        })
      } catch (error) {
        if (!(error instanceof ShellSyntaxError)) throw error
        await barebox.print(`let: ${error.message}\n`)
        value = '0'
      }
    }
    return value === '0' ? 1 : 0
  },
}

import type { RunOptions } from '../../../board/command-runner.ts'
import { HilError } from '../../../core/errors.ts'
import { quoteWord } from '../../../core/quote-word.ts'

/**
 * A command with an environment and a working directory of its own. It runs in a subshell then, so
 * that neither stays; nor does what the command itself sets.
 */
export function withOptions(command: string, { env = {}, cwd }: RunOptions): string {
  const settings = Object.entries(env).map(([name, value]) => `${checkedName(name)}=${quoteWord(value)}`)
  const steps = [
    ...(cwd === undefined ? [] : [`cd -- ${quoteWord(cwd)}||exit`]),
    ...(settings.length === 0 ? [] : [`export ${settings.join(' ')}`]),
  ]
  return steps.length === 0 ? command : `(${steps.join(';')};eval ${quoteWord(command)})`
}

function checkedName(name: string): string {
  if (/^[A-Za-z_]\w{0,200}$/.test(name)) return name
  throw new HilError('command.environment', `${JSON.stringify(name)} is no name of an environment variable`, {
    blame: 'test',
    details: { name },
  })
}

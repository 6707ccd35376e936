import type { Barebox } from '../barebox.ts'
import type { Hush } from '../hush/run.ts'

/** One call of a command. */
export interface Call {
  readonly barebox: Barebox
  /** The command's name first. */
  readonly argv: readonly string[]
  /** The shell it was called from. */
  readonly hush: Hush
}

export interface Command {
  /** What `help` says it does. */
  readonly summary: string
  /** Its options and operands; without any it has no usage line. */
  readonly usage?: string
  /** @returns the exit status */
  run(call: Call): Promise<number> | number
}

/** The command was called wrongly: its message and the usage are shown, status 1. */
export class UsageError extends Error {}

export interface ParsedOptions {
  readonly options: readonly Option[]
  readonly operands: readonly string[]
}

export interface Option {
  readonly letter: string
  readonly value: string
}

/**
 * barebox's `getopt`: options may stand behind operands.
 * @param known letters, with `:` behind those that take a value
 * @throws UsageError for an unknown option or a missing value
 */
export function parseOptions(argv: readonly string[], known: string): ParsedOptions {
  const options: Option[] = []
  const operands: string[] = []
  const words = argv.slice(1)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') return { options, operands: [...operands, ...words] }
    if (!/^-./.test(word)) {
      operands.push(word)
      continue
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? ''
      const place = letter === ':' ? -1 : known.indexOf(letter)
      if (place === -1) throw new UsageError(`${argv[0] ?? ''}: invalid option -- ${letter}`)
      if (known[place + 1] !== ':') {
        options.push({ letter, value: '' })
        continue
      }
      const value = at + 1 < word.length ? word.slice(at + 1) : words.shift()
      if (value === undefined) throw new UsageError(`option requires an argument -- ${letter}`)
      options.push({ letter, value })
      break
    }
  }
  return { options, operands }
}

export function hasOption({ options }: ParsedOptions, letter: string): boolean {
  return options.some((option) => option.letter === letter)
}

/** The value an option was given last. */
export function optionValue({ options }: ParsedOptions, letter: string): string | undefined {
  return options.findLast((option) => option.letter === letter)?.value
}

/** What is shown when a command is called wrongly, and by `help`. */
export function usageText(name: string, { summary, usage }: Command): string {
  return `\n${name} - ${summary}\n\n${usage === undefined ? '' : `Usage: ${name} ${usage}\n\n`}`
}

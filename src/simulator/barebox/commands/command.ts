import type { Barebox } from '../barebox.ts'
import type { Hush } from '../hush/run.ts'

/** A command of barebox. `argv` begins with its name. @returns the exit status */
export type Command = (barebox: Barebox, argv: readonly string[], hush?: Hush) => Promise<number> | number

/** The command was called wrongly; its message is shown, status 1. */
export class UsageError extends Error {}

export interface ParsedOptions {
  readonly options: readonly { readonly letter: string; readonly value: string }[]
  readonly operands: readonly string[]
}

/**
 * barebox's `getopt`: options may stand behind operands.
 * @param known letters, with `:` behind those that take a value
 * @throws UsageError for an unknown option
 */
export function parseOptions(argv: readonly string[], known: string): ParsedOptions {
  const options: { letter: string; value: string }[] = []
  const operands: string[] = []
  const words = argv.slice(1)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      operands.push(...words)
      break
    }
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
      if (value === undefined)
        throw new UsageError(`${argv[0] ?? ''}: option requires an argument -- ${letter}`)
      options.push({ letter, value })
      break
    }
  }
  return { options, operands }
}

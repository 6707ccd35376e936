import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Process } from '../process.ts'

/** Writes to standard output. */
export async function print({ streams, signals }: Process, text: string): Promise<void> {
  signals.check()
  await streams.get(1)?.write?.(text, signals)
}

/** A message on standard error, with the program's name. */
export async function complain({ streams, signals, argv }: Process, message: string): Promise<void> {
  await streams.get(2)?.write?.(`${argv[0] ?? ''}: ${message}\n`, signals)
}

/** Refuses an option by name: it may exist on a real system, so the run is no pass. */
export async function refuseOption(process: Process, option: string): Promise<number> {
  const name = process.argv[0] ?? ''
  process.system.unsupported(`linux: ${name} ${option}`)
  await complain(process, `unrecognized option '${option}'`)
  return 1
}

export interface ParsedOptions {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/**
 * Reads short options.
 * @param known letters, with `:` behind those that take a value
 * @returns the option that is not simulated, as text, when there is one
 */
export function parseOptions(argv: readonly string[], known: string): ParsedOptions | string {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const words = argv.slice(1)
  for (let word = words[0]; word !== undefined && /^-./.test(word); word = words[0]) {
    words.shift()
    if (word === '--') break
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? ''
      const place = letter === ':' ? -1 : known.indexOf(letter)
      if (place === -1) return word.startsWith('--') ? word : `-${letter}`
      if (known[place + 1] !== ':') {
        flags.add(letter)
        continue
      }
      values.set(letter, at + 1 < word.length ? word.slice(at + 1) : (words.shift() ?? ''))
      break
    }
  }
  return { flags, values, operands: words }
}

/** The text of a file or, for `-`, of standard input; `undefined` after a complaint. */
export async function readInput(process: Process, name: string): Promise<string | undefined> {
  if (name === '-') return readAll(process)
  try {
    return process.system.files.read(resolvePath(process.directory, name))
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    await complain(
      process,
      error.reason === 'Is a directory'
        ? `read error: ${error.message}`
        : `can't open '${name}': ${error.message}`,
    )
    return undefined
  }
}

export async function readAll({ streams, signals }: Process): Promise<string> {
  const input = streams.get(0)
  const pieces: string[] = []
  for (;;) {
    const piece = (await input?.read?.(signals)) ?? ''
    if (piece === '') return pieces.join('')
    pieces.push(piece)
  }
}

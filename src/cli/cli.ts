import { didYouMean } from '../core/did-you-mean.ts'
import { commands, nameOf, type CommandEntry, type CommandGroup } from './commands.ts'
import { ownPackage } from '../core/own-package.ts'
import { reportError } from './report-error.ts'
import { usageError } from './usage-error.ts'

const summary = 'Runs tests on real boards: power, console, bootloader, kernel, shell, verdict.'

/** A command line that says nothing to do gets help, and is wrong all the same. */
const usageExit = 2

/** Runs one command line. Never throws. @returns the exit code */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    if (words[0] === '--version') return print(ownPackage().version)
    if (words[0] === '--complete') {
      const { complete } = await import('./complete.ts')
      return print((await complete(words.slice(1))).join('\n'))
    }
    return await runIn(
      { path: 'hil', summary, entries: commands },
      words[0] === 'help' ? helpWords(words) : words,
    )
  } catch (error) {
    return reportError(error)
  }
}

interface Place {
  /** What was typed so far: `hil`, `hil env`. */
  readonly path: string
  readonly summary: string
  readonly entries: readonly (CommandEntry | CommandGroup)[]
}

async function runIn({ path, summary, entries }: Place, [word, ...rest]: readonly string[]): Promise<number> {
  if (word === undefined || word === '--help' || word === '-h') {
    const { helpOf } = await import('./parse.ts')
    const help = await helpOf(path, summary, entries)
    if (word !== undefined) return print(help)
    process.stderr.write(`${help}\n`)
    return usageExit
  }
  const entry = entries.find((candidate) => nameOf(candidate) === word)
  if (entry === undefined) throw unknownCommand(path, word, entries)
  const name = `${path} ${word}`
  if ('commands' in entry)
    return runIn({ path: name, summary: `${entry.summary}.`, entries: entry.commands }, rest)
  const { runCommand } = await import('./parse.ts')
  return runCommand(name, entry, rest)
}

/** `hil help env check` is `hil env check --help`. */
function helpWords([, ...words]: readonly string[]): readonly string[] {
  return [...words, '--help']
}

function unknownCommand(path: string, word: string, entries: Place['entries']) {
  if (word.startsWith('-'))
    return usageError(`${path} has no option ${word} (${path} --help shows what there is)`)
  const hint = didYouMean(word, entries.map(nameOf))
  return usageError(`there is no command "${path} ${word}"${hint} (${path} --help lists all)`)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

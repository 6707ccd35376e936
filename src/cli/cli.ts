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
  /** What is meant where the next word is no command. */
  readonly itself?: CommandEntry | undefined
}

async function runIn(place: Place, [word, ...rest]: readonly string[]): Promise<number> {
  const { path, summary, entries, itself } = place
  if (word === undefined || (itself === undefined && isHelp(word))) {
    const { helpOf } = await import('./parse.ts')
    const help = await helpOf(path, summary, entries, itself)
    if (word !== undefined) return print(help)
    process.stderr.write(`${help}\n`)
    return usageExit
  }
  const entry = entries.find((candidate) => nameOf(candidate) === word)
  const { runCommand } = await import('./parse.ts')
  if (entry === undefined) {
    if (itself === undefined) throw unknownCommand(path, word, entries)
    return runCommand(path, itself, [word, ...rest])
  }
  const name = `${path} ${word}`
  if ('commands' in entry) {
    const { commands: inner, itself: own, optionsFirst = [] } = entry
    const words = optionsLast(rest, optionsFirst)
    return runIn({ path: name, summary: `${entry.summary}.`, entries: inner, itself: own }, words)
  }
  return runCommand(name, entry, rest)
}

/** What was written before the command, behind it. @param valued options that take a value */
function optionsLast(words: readonly string[], valued: readonly string[]): readonly string[] {
  let count = 0
  while (valued.includes(words[count] ?? '')) count += 2
  return count < words.length ? [...words.slice(count), ...words.slice(0, count)] : words
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
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

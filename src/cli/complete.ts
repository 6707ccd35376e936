import type { AnyCommand } from './command.ts'
import { commands, nameOf, type CommandEntry, type CommandGroup } from './commands.ts'

/**
 * What can stand in place of the last word, for the shell to choose from. Nothing means: file names.
 * @param words of the command line after `hil`, the last one unfinished
 */
export async function complete(words: readonly string[]): Promise<readonly string[]> {
  return completeIn(commands, words)
}

async function completeIn(
  entries: readonly (CommandEntry | CommandGroup)[],
  [word = '', ...rest]: readonly string[],
  itself?: CommandEntry,
): Promise<readonly string[]> {
  if (rest.length === 0) return beginningWith(word, entries.map(nameOf))
  const entry = entries.find((candidate) => nameOf(candidate) === word)
  if (entry === undefined)
    return itself === undefined ? [] : completeOption(await itself.load(), [word, ...rest])
  return 'commands' in entry
    ? completeIn(entry.commands, rest, entry.itself)
    : completeOption(await entry.load(), rest)
}

async function completeOption(command: AnyCommand, words: readonly string[]): Promise<readonly string[]> {
  const word = words.at(-1) ?? ''
  if (word.startsWith('-')) {
    return beginningWith(
      word,
      [...Object.keys(command.options), 'help'].map((name) => `--${name}`),
    )
  }
  const option = words.at(-2)?.replace(/^--/, '') ?? ''
  return beginningWith(word, await valuesOf(option, command, words))
}

async function valuesOf(
  option: string,
  command: AnyCommand,
  words: readonly string[],
): Promise<readonly string[]> {
  const choices = command.options[option]?.choices
  if (choices !== undefined && !(choices instanceof Function)) return choices.map(String)
  if (!(option in command.options)) return []
  const { completeEnvironments, completeBoards } = await import('../app/completions.ts')
  if (option === 'env') return completeEnvironments(process.cwd())
  if (option === 'board') return completeBoards(words[words.indexOf('--env') + 1], process.cwd())
  if (option === 'reporter') return (await import('../app/report/reporter-names.ts')).reporterNames
  return []
}

function beginningWith(word: string, candidates: readonly string[]): readonly string[] {
  return candidates.filter((candidate) => candidate.startsWith(word))
}

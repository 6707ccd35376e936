import { didYouMean } from '../core/did-you-mean.ts'
import { HilError } from '../core/errors.ts'
import type { AnyCommand } from './command.ts'

/** A command line that can't be understood. */
export function usageError(message: string): HilError {
  return new HilError('cli.usage', message, { blame: 'environment' })
}

/** What was typed, and what could have been. */
export interface CommandLine {
  /** `hil env check` */
  readonly path: string
  /** `<files..>` */
  readonly positionals: string
  readonly options: AnyCommand['options']
  readonly words: readonly string[]
}

/**
 * What yargs complains of, in our words. Of several complaints the first in rank matters: a mistyped
 * option is why another one is missing.
 */
export function explainComplaints(complaints: readonly string[], line: CommandLine): HilError {
  const explained = complaints.map((complaint) => explain(complaint, line))
  const [first] = explained.sort((a, b) => a.rank - b.rank)
  const sentence = first?.sentence ?? 'the command line is not understood'
  return usageError(`${sentence} (${line.path} --help shows what there is)`)
}

interface Explanation {
  readonly rank: number
  readonly sentence: string
}

function explain(complaint: string, line: CommandLine): Explanation {
  const { path, positionals, options } = line
  const unknown = /^Unknown arguments?: (.+)$/s.exec(complaint)?.[1]
  if (unknown !== undefined) return { rank: 0, sentence: explainUnknown(unknown.split(', '), line) }
  const valueless = /^Not enough arguments following: (.+)$/.exec(complaint)?.[1]
  if (valueless !== undefined) return { rank: 1, sentence: `${dashed(valueless)} needs a value` }
  const [, option = '', given = ''] =
    /^Invalid values:\s+Argument: (.+?), Given: (.+?), /.exec(complaint) ?? []
  if (option !== '') {
    const choices = options[option]?.choices
    const known = Array.isArray(choices) ? `; it takes ${choices.join(', ')}` : ''
    return { rank: 1, sentence: `${dashed(option)} can't be ${given}${known}` }
  }
  if (complaint.startsWith('Not enough non-option arguments')) {
    return { rank: 2, sentence: `${path} needs ${positionals}` }
  }
  const missing = /^Missing required arguments?: (.+)$/.exec(complaint)?.[1]
  if (missing !== undefined) {
    return { rank: 3, sentence: `${path} needs ${missing.split(', ').map(dashed).join(' and ')}` }
  }
  return { rank: 4, sentence: complaint.replaceAll(/\s+/g, ' ') }
}

/** yargs names an unknown `--dry-run` twice, the other time as `dryRun`: only what was typed counts. */
function explainUnknown(names: readonly string[], { words, options }: CommandLine): string {
  const [first] = names.filter((name) => words.some((word) => word.split('=')[0] === dashed(name)))
  if (first === undefined) return `"${names[0] ?? ''}" is one argument too many`
  const known = [...Object.keys(options), 'help'].map(dashed)
  return `there is no option ${dashed(first)}${didYouMean(dashed(first), known)}`
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}

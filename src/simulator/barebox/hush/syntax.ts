/**
 * What barebox's shell reads a line into. It is the hush of old busybox with its habits: a command
 * is a flat list of steps, each marked with the reserved word it stands behind.
 */

/** The part of a compound command a step belongs to. */
export type Section =
  'plain' | 'if' | 'then' | 'elif' | 'else' | 'fi' | 'for' | 'in' | 'while' | 'until' | 'do' | 'done'

/** What connects a step to the next one. */
export type Followup = ';' | '&&' | '||'

export interface Command {
  /** Words as written, quotes included; a variable is its name between two `mark`s. */
  words: string[]
  /** A compound command in place of words. */
  group: Step[] | undefined
  /** Holds variables: is put together and read a second time before it runs. */
  hasVariables: boolean
}

export interface Step {
  section: Section
  followup: Followup
  command: Command
}

/** Stands before and after the name of a variable in a word. */
export const mark = '\x03'

/** The words that may follow a reserved word in its compound command. `start` opens, `end` closes one. */
export const reservedWords: Readonly<
  Record<string, { section: Section; next: readonly Section[]; start?: true; end?: true }>
> = {
  if: { section: 'if', next: ['then'], start: true },
  then: { section: 'then', next: ['elif', 'else', 'fi'] },
  elif: { section: 'elif', next: ['then'] },
  else: { section: 'else', next: ['fi'] },
  fi: { section: 'fi', next: [], end: true },
  for: { section: 'for', next: ['in'], start: true },
  while: { section: 'while', next: ['do'], start: true },
  until: { section: 'until', next: ['do'], start: true },
  in: { section: 'in', next: ['do'] },
  do: { section: 'do', next: ['done'] },
  done: { section: 'done', next: [], end: true },
}

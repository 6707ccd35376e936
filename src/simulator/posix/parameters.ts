import type { Shell } from './shell.ts'

/** The value of a variable, positional or special parameter; `undefined` when it is not set. */
export function parameterValue(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(shell.status)
    case '#':
      return String(shell.positional.length)
    case '$':
      return '1'
    case '!':
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground)
    case '-':
      return `${[...shell.options].join('')}${shell.interactive ? 'i' : ''}`
    case '0':
      return shell.name
    case '@':
    case '*':
      return shell.positional.length === 0 ? undefined : shell.positional.join(firstSeparator(shell))
    case 'PPID':
      return '0'
    default:
      return /^\d+$/.test(name) ? shell.positional[Number(name) - 1] : shell.variables.get(name)
  }
}

/** What `"$*"` puts between parameters. */
export function firstSeparator(shell: Shell): string {
  const separators = shell.variables.get('IFS')
  return separators === undefined ? ' ' : separators.slice(0, 1)
}

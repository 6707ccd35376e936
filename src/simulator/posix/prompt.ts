import type { Shell, ShellFlavour } from './shell.ts'

export function defaultPrompt(flavour: ShellFlavour): string {
  switch (flavour) {
    case 'ash':
      return '\\w \\$ '
    case 'bash':
      return '\\u@\\h:\\w\\$ '
    case 'sh':
      return '# '
  }
}

/** Fills in a prompt: `\w` and its like (not in dash), and variables. */
export function expandPrompt(shell: Shell, prompt: string): string {
  const variables = prompt.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced: string | undefined, plain: string | undefined) =>
      shell.variables.get(braced ?? plain ?? '') ?? '',
  )
  if (shell.flavour === 'sh') return variables
  return variables.replace(/\\([^])/g, (all, letter: string) => escape(shell, letter) ?? all)
}

function escape(shell: Shell, letter: string): string | undefined {
  const home = shell.variables.get('HOME') ?? ''
  switch (letter) {
    case 'w':
      return home !== '/' && shell.directory === home ? '~' : shell.directory
    case 'u':
      return shell.user
    case 'h':
      return shell.system.kernel.hostname
    case '$':
      return shell.user === 'root' ? '#' : '$'
    case 'n':
      return '\n'
    case 'e':
      return '\x1b'
    case 'a':
      return '\x07'
    case '[':
    case ']':
      return ''
    case '\\':
      return '\\'
    default:
      return undefined
  }
}

import { ShellJump } from '../shell.ts'
import type { Builtin } from './builtin.ts'

const longOptions: Readonly<Record<string, string>> = {
  allexport: 'a',
  errexit: 'e',
  noglob: 'f',
  monitor: 'm',
  nounset: 'u',
  xtrace: 'x',
}

export const set: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  if (words.length === 0) {
    for (const [name, value] of [...shell.variables].sort()) await shell.print(`${name}=${quote(value)}\n`)
    return 0
  }
  for (let word = words[0]; word !== undefined && /^[-+]./.test(word); word = words[0]) {
    words.shift()
    if (word === '--') {
      shell.positional = words
      return 0
    }
    const letters = word.slice(1) === 'o' ? [longOptions[words.shift() ?? ''] ?? '?'] : [...word.slice(1)]
    for (const letter of letters) {
      if (!'aefmuxbhv'.includes(letter)) {
        shell.system.unsupported(`linux: set ${word}`)
        await shell.complain(`set: Illegal option ${word}`)
        throw new ShellJump('error', 2)
      }
      if (word.startsWith('-')) shell.options.add(letter)
      else shell.options.delete(letter)
    }
  }
  if (words.length > 0) shell.positional = words
  return 0
}

export const shift: Builtin = async (shell, argv) => {
  const count = Number.parseInt(argv[1] ?? '1', 10)
  if (count > shell.positional.length) {
    if (shell.flavour === 'sh') {
      await shell.complain("shift: can't shift that many")
      throw new ShellJump('error', 2)
    }
    return 1
  }
  shell.positional = shell.positional.slice(count)
  return 0
}

/** As a shell would have to read it. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

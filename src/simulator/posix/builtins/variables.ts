import { ShellJump, type Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'
import { quote } from './set.ts'

const validName = /^[A-Za-z_]\w*$/

export const exportVariables: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  if (words.length === 0 || words[0] === '-p') {
    for (const [name, value] of [...shell.environment()].sort())
      await shell.print(`export ${name}=${quote(value)}\n`)
    return 0
  }
  const unexport = words[0] === '-n'
  for (const word of unexport ? words.slice(1) : words) {
    const name = await assignWord(shell, 'export', word)
    if (unexport) shell.exported.delete(name)
    else shell.exported.add(name)
  }
  return 0
}

export const readOnly: Builtin = async (shell, argv) => {
  for (const word of argv.slice(1)) shell.readOnly.add(await assignWord(shell, 'readonly', word))
  return 0
}

export const unset: Builtin = (shell, argv) => {
  const functions = argv[1] === '-f'
  const names = argv[1] === '-f' || argv[1] === '-v' ? argv.slice(2) : argv.slice(1)
  for (const name of names) {
    if (functions) shell.functions.delete(name)
    else {
      shell.variables.delete(name)
      shell.exported.delete(name)
    }
  }
  return 0
}

export const local: Builtin = async (shell, argv) => {
  const hidden = shell.locals.at(-1)
  if (hidden === undefined) {
    await shell.complain('local: not in a function')
    return 2
  }
  for (const word of argv.slice(1)) {
    const name = word.split('=', 1)[0] ?? ''
    if (!hidden.has(name)) hidden.set(name, shell.variables.get(name))
    await assignWord(shell, 'local', word)
  }
  return 0
}

/** POSIX option parsing; the state is in `OPTIND` and, inside a word, `OPTOFF`. */
export const getopts: Builtin = (shell, argv) => {
  const [, specification = '', name = 'opt', ...given] = argv
  const words = given.length > 0 ? given : shell.positional
  let index = Number(shell.variables.get('OPTIND') ?? '1')
  const offset = Number(shell.variables.get('OPTOFF') ?? '1')
  const word = words[index - 1] ?? ''
  if (!/^-./.test(word) || word === '--') {
    if (word === '--') index += 1
    shell.set('OPTIND', String(index))
    shell.set(name, '?')
    return 1
  }
  const letter = word[offset] ?? '?'
  const known = specification.replace(/^:/, '').indexOf(letter)
  const takesValue = known !== -1 && specification.replace(/^:/, '')[known + 1] === ':'
  const more = offset + 1 < word.length
  let next = more && !takesValue ? { index, offset: offset + 1 } : { index: index + 1, offset: 1 }
  shell.variables.delete('OPTARG')
  if (takesValue) {
    shell.set('OPTARG', more ? word.slice(offset + 1) : (words[index] ?? ''))
    if (!more) next = { index: index + 2, offset: 1 }
  }
  shell.set('OPTIND', String(next.index))
  shell.set('OPTOFF', String(next.offset))
  shell.set(name, known === -1 ? '?' : letter)
  return 0
}

async function assignWord(shell: Shell, builtin: string, word: string): Promise<string> {
  const equals = word.indexOf('=')
  const name = equals === -1 ? word : word.slice(0, equals)
  if (!validName.test(name)) {
    await shell.complain(`${builtin}: ${name}: bad variable name`)
    throw new ShellJump('error', 2)
  }
  if (equals !== -1) shell.set(name, word.slice(equals + 1))
  return name
}

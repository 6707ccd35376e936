import { resolvePath } from '../../files/file-tree.ts'
import type { Builtin } from './builtin.ts'

export const cd: Builtin = async (shell, argv) => {
  const words = argv.slice(1).filter((word) => !['-L', '-P', '--'].includes(word))
  const back = words[0] === '-'
  const target = back ? shell.variables.get('OLDPWD') : (words[0] ?? shell.variables.get('HOME') ?? '/')
  if (target === undefined) {
    await shell.complain('cd: OLDPWD not set')
    return 1
  }
  const path = resolvePath(shell.directory, target)
  const node = shell.system.files.find(path)
  if (node?.type !== 'directory') {
    const reason = node === undefined ? 'No such file or directory' : 'Not a directory'
    await shell.complain(
      shell.flavour === 'bash'
        ? `cd: ${target}: ${reason}`
        : shell.flavour === 'sh'
          ? `cd: can't cd to ${target}`
          : `cd: can't cd to ${target}: ${reason}`,
    )
    return shell.flavour === 'bash' ? 1 : 2
  }
  shell.variables.set('OLDPWD', shell.directory)
  shell.directory = path
  shell.variables.set('PWD', path)
  if (back) await shell.print(`${path}\n`)
  return 0
}

export const pwd: Builtin = async (shell) => {
  await shell.print(`${shell.directory}\n`)
  return 0
}

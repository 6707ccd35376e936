import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { runCommandNamed } from '../execute/named-command.ts'
import { runText } from '../execute/script.ts'
import { ShellJump, type Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

export const evaluate: Builtin = async (shell, argv) => {
  const text = argv.slice(1).join(' ')
  if (text.trim() === '') return 0
  shell.evalDepth += 1
  try {
    return await runText(shell, text)
  } catch (error) {
    // bash goes on after a syntax error here, others end what they run.
    if (shell.flavour === 'bash' && error instanceof ShellJump && error.kind === 'error') return error.value
    throw error
  } finally {
    shell.evalDepth -= 1
  }
}

/** `. FILE`; a file that is not there is an error that ends a script. */
export const dot: Builtin = async (shell, argv) => {
  const name = argv[1]
  if (name === undefined) return 0
  const text = await readScript(shell, name)
  if (text === undefined) return 1
  try {
    return await runText(shell, text)
  } catch (error) {
    if (error instanceof ShellJump && error.kind === 'return') return error.value
    throw error
  }
}

/** Without a command `exec` only keeps its redirections, which the executor has done by now. */
export const exec: Builtin = async (shell, argv) => {
  if (argv.length === 1) return 0
  throw new ShellJump('exit', await runCommandNamed(shell, argv.slice(1)))
}

async function readScript(shell: Shell, name: string): Promise<string | undefined> {
  try {
    return shell.system.files.read(resolvePath(shell.directory, name))
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    if (shell.flavour === 'bash') {
      await shell.complain(`${name}: ${error.message}`)
      return undefined
    }
    await shell.complain(
      shell.flavour === 'sh'
        ? `.: cannot open ${name}: No such file`
        : `.: can't open '${name}': ${error.message}`,
    )
    throw new ShellJump('error', 2)
  }
}

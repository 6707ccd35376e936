import { ShellJump } from '../shell.ts'
import type { Builtin } from './builtin.ts'

export const breakLoop: Builtin = (shell, argv) => {
  if (shell.loopDepth === 0) return 0
  throw new ShellJump('break', count(argv[1]))
}

export const continueLoop: Builtin = (shell, argv) => {
  if (shell.loopDepth === 0) return 0
  throw new ShellJump('continue', count(argv[1]))
}

export const returnFromFunction: Builtin = (shell, argv) => {
  throw new ShellJump(
    'return',
    argv[1] === undefined ? shell.status : (Number.parseInt(argv[1], 10) || 0) & 0xff,
  )
}

export const exit: Builtin = async (shell, argv) => {
  const status = argv[1]
  if (shell.interactive && shell.flavour === 'bash')
    await shell.streams.get(2)?.write?.('exit\n', shell.signals)
  if (status === undefined) throw new ShellJump('exit', shell.status)
  if (/^\d+$/.test(status)) throw new ShellJump('exit', Number(status) & 0xff)
  await shell.complain(`exit: Illegal number: ${status}`)
  throw new ShellJump('error', 2)
}

function count(text: string | undefined): number {
  return Math.max(1, Number.parseInt(text ?? '1', 10) || 1)
}

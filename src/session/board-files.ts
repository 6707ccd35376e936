import type { FileTransfer } from '../board/file-transfer.ts'
import type { Shell } from '../board/shell.ts'
import { ShellTransfer } from '../board/shell-transfer/shell-transfer.ts'

/** One for each shell, for it remembers what programs the board has. */
export class ConsoleFiles {
  readonly #ofShell = new WeakMap<Shell, FileTransfer>()

  over(shell: Shell): FileTransfer {
    const files = this.#ofShell.get(shell) ?? new ShellTransfer(shell, { by: 'console' })
    this.#ofShell.set(shell, files)
    return files
  }
}

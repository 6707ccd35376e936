import type { FileTransfer, TransferProgress, Transferred } from '../board/file-transfer.ts'
import type { Shell } from '../board/shell.ts'
import { ShellTransfer } from '../board/shell-transfer/shell-transfer.ts'
import { now } from '../core/clock.ts'
import type { EmitEvent } from '../core/events.ts'

/** How often a transfer is told of, in milliseconds: enough for people. */
const tellEveryMs = 500

/** A transfer as it is told of. */
export interface TransferTold {
  readonly board: string
  readonly direction: 'put' | 'get'
  /** On the board. */
  readonly path: string
}

/** Moves one file, and tells how far it is. @param onProgress is also told, as often */
export async function transferFile(
  told: TransferTold,
  emit: EmitEvent,
  onProgress: ((progress: TransferProgress) => void) | undefined,
  move: (onProgress: (progress: TransferProgress) => void) => Promise<Transferred>,
): Promise<Transferred> {
  let toldAt = Number.NEGATIVE_INFINITY
  const tell = ({ done, total }: TransferProgress, isEnd: boolean) => {
    const at = now()
    if (!isEnd && at - toldAt < tellEveryMs) return
    toldAt = at
    emit({ type: 'transfer-progress', ...told, done, total, isOver: isEnd })
    onProgress?.({ done, total })
  }
  let last: TransferProgress = { done: 0, total: 0 }
  try {
    return await move((progress) => {
      last = progress
      tell(progress, false)
    })
  } finally {
    tell(last, true)
  }
}

/** One for each shell, for it remembers what programs the board has. */
export class ConsoleFiles {
  readonly #ofShell = new WeakMap<Shell, FileTransfer>()

  over(shell: Shell): FileTransfer {
    const files = this.#ofShell.get(shell) ?? new ShellTransfer(shell, { by: 'console' })
    this.#ofShell.set(shell, files)
    return files
  }
}

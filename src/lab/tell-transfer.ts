import type { TransferProgress } from '../board/file-transfer.ts'
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
export async function tellTransfer<T>(
  told: TransferTold,
  emit: EmitEvent,
  onProgress: ((progress: TransferProgress) => void) | undefined,
  move: (onProgress: (progress: TransferProgress) => void) => Promise<T>,
): Promise<T> {
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

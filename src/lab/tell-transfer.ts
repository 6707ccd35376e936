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

/** Tells of one transfer as it goes on, not more often than people read. */
export class TransferTeller {
  readonly #told: TransferTold
  readonly #emit: EmitEvent
  readonly #onProgress: ((progress: TransferProgress) => void) | undefined
  #toldAt = Number.NEGATIVE_INFINITY

  /** @param onProgress is also told, as often */
  constructor(told: TransferTold, emit: EmitEvent, onProgress?: (progress: TransferProgress) => void) {
    this.#told = told
    this.#emit = emit
    this.#onProgress = onProgress
  }

  tell({ done, total }: TransferProgress, isOver: boolean): void {
    const at = now()
    if (!isOver && at - this.#toldAt < tellEveryMs) return
    this.#toldAt = at
    this.#emit({ type: 'transfer-progress', ...this.#told, done, total, isOver })
    this.#onProgress?.({ done, total })
  }
}

/** Moves one file, and tells how far it is. @param onProgress is also told, as often */
export async function tellTransfer<T>(
  told: TransferTold,
  emit: EmitEvent,
  onProgress: ((progress: TransferProgress) => void) | undefined,
  move: (onProgress: (progress: TransferProgress) => void) => Promise<T>,
): Promise<T> {
  const teller = new TransferTeller(told, emit, onProgress)
  let last: TransferProgress = { done: 0, total: 0 }
  try {
    return await move((progress) => {
      last = progress
      teller.tell(progress, false)
    })
  } finally {
    teller.tell(last, true)
  }
}

import { basename } from 'node:path'
import type { Storage } from '../board/storage.ts'
import type { EmitEvent } from '../core/events.ts'
import { tellTransfer } from './tell-transfer.ts'

/** A medium that tells how far a write to it is. */
export function watchedStorage(storage: Storage, board: string, emit: EmitEvent): Storage {
  const { needsPowerOff, image } = storage
  return {
    ...{ needsPowerOff, image },
    switchTo: (side, t) => storage.switchTo(side, t),
    side: (t) => storage.side(t),
    write: (file, t, options = {}) =>
      tellTransfer(
        { board, direction: 'put', path: basename(file) },
        emit,
        options.onProgress,
        (onProgress) => storage.write(file, t, { ...options, onProgress }),
      ),
  }
}

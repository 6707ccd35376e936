import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TransferProgress } from '../../board/file-transfer.ts'
import type { StorageSide, WrittenImage } from '../../board/storage.ts'
import type { CallBoard } from '../board/board-calls.ts'
import type { Timeout } from './board.ts'
import { callTime } from './call-time.ts'
import { step } from './step.ts'

export interface WriteStorageOptions extends Timeout {
  /** How long it may take: milliseconds, or a duration such as `10 min`. @default as long as the test */
  readonly timeout?: number | string
  /** A block map (bmaptool's) of the image. @default that of the environment, where the image is */
  readonly bmap?: string | URL
  /** Whether it is read back. @default true */
  readonly verify?: boolean
  /** Is called now and then. */
  readonly onProgress?: (progress: TransferProgress) => void
}

/** The medium that the board and this machine have in turn. A card in a mux changes sides while the board is off. */
export interface SpecStorage {
  /**
   * Takes the medium and writes an image to it. The board gets it back when it gets power.
   * @param image raw or packed (.gz, .xz, .zst, .bz2); that of the environment if absent
   */
  write(image?: string | URL, options?: WriteStorageOptions): Promise<WrittenImage>
  toHost(): Promise<void>
  toBoard(): Promise<void>
  side(): Promise<StorageSide>
}

export function specStorage(call: CallBoard): SpecStorage {
  return {
    write: async (image, { timeout, bmap, verify, onProgress } = {}) => {
      const options = {
        ...callTime(timeout),
        ...(bmap !== undefined && { bmap: localPath(bmap) }),
        ...(verify !== undefined && { verify }),
      }
      const path = image === undefined ? undefined : localPath(image)
      return step('write the storage', () => call('writeStorage', path, options, onProgress))
    },
    toHost: () => call('switchStorage', 'host'),
    toBoard: () => call('switchStorage', 'board'),
    side: () => call('storageSide'),
  }
}

function localPath(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : resolve(file)
}

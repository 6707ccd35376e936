import type { Deadline } from '../core/deadline.ts'
import type { TransferOptions } from './file-transfer.ts'

/** Who has a medium now. */
export type StorageSide = 'host' | 'board' | 'off' | 'unknown'

export interface WriteImageOptions extends TransferOptions {
  /** A block map (bmaptool's), by which only what the image really holds is written. */
  readonly bmap?: string
  /** Whether it is read back. @default true */
  readonly verify?: boolean
}

export interface WrittenImage {
  /** What it was written to: `/dev/sda`. */
  readonly device: string
  /** Bytes that were written. */
  readonly size: number
  readonly isVerified: boolean
  readonly durationMs: number
}

/**
 * A medium that board and host have in turn: a memory card in a mux, a disk that the board shows by USB.
 *
 * Errors: `storage.no-device`, `storage.no-medium`, `storage.stuck`, `storage.differs` (infrastructure),
 * `storage.in-use`, `storage.read-only` (environment), `storage.too-small`, `storage.image` (payload), and those of tools.
 */
export interface Storage {
  /** Whether the board must have no power when the medium changes sides. */
  readonly needsPowerOff: boolean
  /** The image that the environment names for it, with its block map. */
  readonly image: { readonly path: string; readonly bmap: string | undefined } | undefined
  switchTo(side: 'host' | 'board', t: Deadline): Promise<void>
  side(t: Deadline): Promise<StorageSide>
  /** Writes an image while the host has the medium. @param image raw, or packed: .gz, .xz, .zst, .bz2 */
  write(image: string, t: Deadline, options?: WriteImageOptions): Promise<WrittenImage>
}

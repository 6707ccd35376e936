import type { Deadline } from '../core/deadline.ts'

/** How far a transfer is, in bytes of the file. */
export interface TransferProgress {
  readonly done: number
  readonly total: number
}

export interface TransferOptions {
  /** Called at the beginning, after each piece, and at the end. */
  readonly onProgress?: (progress: TransferProgress) => void
}

export interface PutOptions extends TransferOptions {
  /** Permissions of the file, such as 0o755. Absent: those of the file it replaces, else what the board gives new ones. */
  readonly mode?: number
}

/** What was transferred. */
export interface Transferred {
  /** Size of the file in bytes. */
  readonly size: number
  readonly durationMs: number
  /** By what way: `console`, `sftp`, `ssh`. */
  readonly by: string
  /** Bytes of the file that an earlier attempt had brought over already. */
  readonly resumedFrom: number
}

/**
 * Brings files to a board and back. A file is there in full or not at all: it is written beside its place and
 * moved there when it is known to be right.
 *
 * Errors: `transfer.no-program` (environment), `transfer.refused` (test: the board has no such file or takes none
 * there), `transfer.no-space` (board), `transfer.damaged` (infrastructure), `transfer.local` (test: the
 * file on this side), and those of the line.
 */
export interface FileTransfer {
  /** @param file a path on this machine, or the content itself */
  put(file: string | Uint8Array, path: string, t: Deadline, options?: PutOptions): Promise<Transferred>
  /** @param file where to write it on this machine */
  get(path: string, file: string, t: Deadline, options?: TransferOptions): Promise<Transferred>
}

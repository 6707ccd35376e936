import type { TransferProgress, Transferred } from '../../board/file-transfer.ts'
import type { Timeout } from './board.ts'

export interface FileOptions extends Timeout {
  /** How long it may take: milliseconds, or a duration such as `30s`. @default as long as the test */
  readonly timeout?: number | string
  /**
   * The way it takes. Over the console it is slow, and works without a network.
   * @default ssh where the environment has it, else console
   */
  readonly by?: 'ssh' | 'console'
  /** Is called now and then. */
  readonly onProgress?: (progress: TransferProgress) => void
}

export interface PutFileOptions extends FileOptions {
  /** Permissions, such as 0o755. @default those of the file it replaces, or what the board gives new ones */
  readonly mode?: number
}

/**
 * Files of the board; at a bootloader's prompt `put` and `write` only, to a path of barebox's or to an address of U-Boot's. One that is put there appears in full or not at all. A path on this machine is relative to
 * where hil was started; `new URL('./data.bin', import.meta.url)` is beside the spec.
 */
export interface SpecFiles {
  put(file: string | URL, path: string, options?: PutFileOptions): Promise<Transferred>
  get(path: string, file: string | URL, options?: FileOptions): Promise<Transferred>
  /** Writes text or bytes to a file of the board. */
  write(path: string, content: string | Uint8Array, options?: PutFileOptions): Promise<Transferred>
  /** The text of a file of the board. */
  read(path: string, options?: FileOptions): Promise<string>
}

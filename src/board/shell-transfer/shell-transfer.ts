import type { Deadline } from '../../core/deadline.ts'
import type { FileTransfer, PutOptions, Transferred, TransferOptions } from '../file-transfer.ts'
import { getOverShell } from './get.ts'
import { putOverShell } from './put.ts'
import { findTools, type PosixShell, type Tools } from './tools.ts'

export interface ShellTransferOptions {
  /** By what way, for those who ask: `console`. */
  readonly by: string
  /** The longest command that the shell runs in one piece, in characters. @default 3900 */
  readonly commandLength?: number
}

/** Fits a line of a terminal, 4096 characters with its end, together with what a shell driver puts around it. */
const lineOfTerminal = 3900

/**
 * Files over a shell, whatever that is connected by. The board needs a POSIX shell and no more: bytes go as
 * text, each piece with a checksum, packed where both sides gain by it. What was brought over before a failure
 * is kept beside the file's place, and the next attempt goes on from there.
 */
export class ShellTransfer implements FileTransfer {
  readonly #shell: PosixShell
  readonly #by: string
  readonly #commandLength: number
  #tools: Tools | undefined

  constructor(shell: PosixShell, { by, commandLength = lineOfTerminal }: ShellTransferOptions) {
    this.#shell = shell
    this.#by = by
    this.#commandLength = commandLength
  }

  async put(
    file: string | Uint8Array,
    path: string,
    t: Deadline,
    options: PutOptions = {},
  ): Promise<Transferred> {
    const line = { shell: this.#shell, tools: await this.#findTools(t), commandLength: this.#commandLength }
    return { ...(await putOverShell(line, file, path, t, options)), by: this.#by }
  }

  async get(path: string, file: string, t: Deadline, options: TransferOptions = {}): Promise<Transferred> {
    const line = { shell: this.#shell, tools: await this.#findTools(t) }
    return { ...(await getOverShell(line, path, file, t, options)), by: this.#by }
  }

  async #findTools(t: Deadline): Promise<Tools> {
    this.#tools ??= await findTools(this.#shell, t)
    return this.#tools
  }
}

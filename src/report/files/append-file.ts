import { closeSync, openSync, writeSync } from 'node:fs'

/**
 * A file that grows while the run goes on. Each write has reached the kernel when the call returns,
 * so nothing written is lost when the process is killed.
 */
export class AppendFile {
  readonly #fd: number

  constructor(path: string) {
    this.#fd = openSync(path, 'w')
  }

  write(data: string | Uint8Array): void {
    let bytes = typeof data === 'string' ? Buffer.from(data) : data
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#fd, bytes))
  }

  close(): void {
    closeSync(this.#fd)
  }
}

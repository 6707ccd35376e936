import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileServer } from '../../../src/board/file-server.ts'

/** Changes one byte of a file that QEMU's own TFTP server serves: it is in a directory, in which anybody may do so. */
export function overwriteServed(files: FileServer, name: string): void {
  const { directory } = files as FileServer & { readonly directory: string }
  const path = join(directory, name)
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

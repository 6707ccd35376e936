import type { FileServer } from '../board/file-server.ts'
import { digestFile } from '../core/digest-file.ts'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'

/** Files that a bootloader is sent over its console, where they lie. Its own checksum tells whether they are still those. */
export function consoleFiles(board: string): FileServer {
  return {
    address: 'console',
    async publish(name, path, t) {
      try {
        return { name, path, ...(await digestFile(path, t.signal)) }
      } catch (cause) {
        t.throwIfOver()
        throw new HilError(
          'files.unpublished',
          `${path} can't be read, and so not be sent to ${board}: ${reasonOf(cause)}`,
          { blame: 'environment', details: { path }, cause },
        )
      }
    },
  }
}

import type { FileServer } from '../../board/file-server.ts'
import type { ServerAddress } from '../../board/boot-plan.ts'
import type { FileFetch } from '../../core/file-fetch.ts'
import type { UndoStack } from '../../core/undo-stack.ts'
import type { TftpServer } from './tftp-server.ts'

export interface BoardFiles extends FileServer {
  /** Whether a served name is one of this board's. */
  owns(servedName: string): boolean
  fetches(servedName: string): readonly FileFetch[]
  requests(servedName: string): number
  settled(servedNames: readonly string[]): Promise<void>
  conclude(servedNames: readonly string[]): Promise<void>
}

/**
 * A board's own corner of a TFTP server. Its files are served as `BOARD/NAME`, where all that some
 * bootloader would take for syntax (`@`, `:`, spaces) is `_`.
 *
 * @param address the server as the board reaches it
 * @param undo takes the files out of the server again
 */
export function boardFiles(
  server: TftpServer,
  { board, address, undo }: { board: string; address: ServerAddress; undo: UndoStack },
): BoardFiles {
  const corner = `${plain(board)}/`
  return {
    address,
    owns: (servedName) => servedName.startsWith(corner),
    publish(name, path, t) {
      const served = `${corner}${name.split('/').map(plain).join('/')}`
      undo.defer(`withdrawing ${served}`, () => {
        server.withdraw(served)
      })
      return server.publish(served, path, t)
    },
    fetches: (servedName) => server.fetches(servedName),
    requests: (servedName) => server.requests(servedName),
    settled: (servedNames) => server.settled(servedNames),
    conclude: (servedNames) => server.conclude(servedNames),
  }
}

/** A name may not be empty, and dots alone would mean a directory. */
function plain(name: string): string {
  const safe = name.replaceAll(/[^\w.+-]/g, '_')
  return /^\.*$/.test(safe) ? `_${safe}` : safe
}

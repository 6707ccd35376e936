import { networkInterfaces } from 'node:os'
import type { FileServer } from '../board/file-server.ts'
import type { EmitEvent } from '../core/events.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { EmbeddedTftp } from '../environment/environment.ts'
import { boardFiles } from '../servers/tftp/board-files.ts'
import type { TftpEvent } from '../servers/tftp/events.ts'
import { addressTowards } from './address-towards.ts'
import { addressForBoard, addressToListenAt } from './listen-address.ts'
import type { Hardware } from './open-hardware.ts'
import { joinTftpServer } from './shared-tftp-servers.ts'

interface EmbeddedServerContext {
  readonly emulated: Hardware['emulated']
  /** The board's own, where its environment says it. */
  readonly boardAddress: string | undefined
  readonly undo: UndoStack
  readonly emit: EmitEvent
}

/**
 * Serves files to a board from this process, until the board is released.
 * @throws HilError `tftp.which-address`, `tftp.no-such-address`, `tftp.unreachable` and what
 *   `startTftpServer` throws (environment)
 */
export async function openEmbeddedServer(
  board: string,
  { embedded: { listen, port }, address, port: portForBoard }: EmbeddedTftp,
  { emulated, boardAddress, undo, emit }: EmbeddedServerContext,
): Promise<FileServer> {
  const interfaces = networkInterfaces()
  // An emulator reaches the host's loopback, so nobody else has to.
  const host = listen === undefined && emulated ? '127.0.0.1' : addressToListenAt(listen, interfaces)
  const towards =
    emulated === undefined && boardAddress !== undefined ? await addressTowards(boardAddress) : undefined
  const hostForBoard = address ?? addressForBoard({ board, host, emulated, interfaces, towards })
  const shared = await joinTftpServer(host, port ?? (emulated ? 0 : 69), (event) => {
    report(event)
  })
  undo.defer('stopping the TFTP server', () => shared.leave())
  const { server } = shared
  const served = { host: hostForBoard, port: portForBoard ?? server.address.port }
  const files = boardFiles(server, { board, address: served, undo })

  const reported = new Set<string>()
  function report(event: TftpEvent): void {
    if (event.type === 'fetch-ended') {
      if (!files.owns(event.name)) return
      emit({ ...event, type: 'file-fetched', board })
      return
    }
    const { why, name, client, message } = event
    // barebox's devboot asks for the script of its host before that of its architecture.
    if (why === 'not-found' && /-devboot-[^/]*$/.test(name)) return
    // A bootloader that misses a file asks for it again and again.
    if (reported.has(`${why} ${name}`)) return
    reported.add(`${why} ${name}`)
    const level = why === 'file-changed' || why === 'unreadable' ? 'warning' : 'info'
    emit({ type: 'note', level, board, message: `${client.host} did not get "${name}" by TFTP: ${message}` })
  }
  return files
}

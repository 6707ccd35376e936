import type { FileServer } from '../board/file-server.ts'
import type { EmitEvent } from '../core/events.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec } from '../environment/environment.ts'
import { openDirectoryServer } from './directory-server.ts'
import type { Hardware } from './open-hardware.ts'

/**
 * Where a board fetches files from: hil's own server where the environment asks for it, else what its
 * machine brings along, else the directory of a server that runs already, here or on another machine.
 * @returns `undefined` where there is no such place
 */
export async function openFiles(
  { name, network: { tftp } }: BoardSpec,
  { files, emulated }: Pick<Hardware, 'files' | 'emulated'>,
  { undo, emit }: { readonly undo: UndoStack; readonly emit: EmitEvent },
): Promise<FileServer | undefined> {
  if (tftp?.embedded === undefined) {
    if (files !== undefined) return files
    const { directory, address, ssh } = tftp ?? {}
    if (tftp === undefined || directory === undefined || address === undefined || ssh === undefined) {
      return openDirectoryServer(name, tftp, undo)
    }
    const { openRemoteDirectoryServer } = await import('./remote-directory-server.ts')
    return openRemoteDirectoryServer(name, { ...tftp, directory, address, ssh }, undo)
  }
  const { openEmbeddedServer } = await import('./embedded-server.ts')
  return openEmbeddedServer(name, tftp, { emulated, undo, emit })
}

import type { FileServer } from '../board/file-server.ts'
import type { SshLogin } from '../board/ssh-login.ts'
import { startDeadline, type Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import { RemoteDirectory } from '../transports/ssh/remote-directory.ts'
import { sshTarget } from '../transports/ssh/target.ts'
import type { StagingDirectory } from './directory-server.ts'
import { readSecret } from './read-secret.ts'
import { uniqueNames } from './unique-names.ts'

/** Time to take one file away again, in milliseconds: the lab's server may be gone by then. */
const removalMs = 10_000

/**
 * Puts files into the directory of a server on another machine, over SSH, for the time of a run,
 * under names that no other run uses.
 */
export async function openRemoteDirectoryServer(
  board: string,
  { directory, address, ssh, prefix = '' }: RemoteStagingDirectory,
  undo: UndoStack,
): Promise<FileServer> {
  const remote = new RemoteDirectory(await sshTarget(ssh, readSecret), directory)
  undo.defer(`closing the connection to ${ssh.host}`, () => remote.close())
  const nameFor = uniqueNames(board)
  return {
    address,
    async publish(name, path, t) {
      const servedName = `${prefix}${nameFor(name)}`
      undo.defer(`removing ${directory}/${servedName} from ${ssh.host}`, async () => {
        using removal = startDeadline(removalMs, `removing ${servedName} from ${ssh.host}`)
        await remote.remove(servedName, removal)
      })
      try {
        return { name: servedName, ...(await remote.put(servedName, path, t)) }
      } catch (cause) {
        throw unpublished({ board, path, where: `${directory} on ${ssh.host}` }, cause, t)
      }
    },
  }
}

/** One that is on another machine. */
export interface RemoteStagingDirectory extends StagingDirectory {
  readonly ssh: SshLogin
}

function unpublished(
  { board, path, where }: { readonly board: string; readonly path: string; readonly where: string },
  cause: unknown,
  t: Deadline,
): unknown {
  t.throwIfOver()
  if (cause instanceof HilError) return cause
  return new HilError(
    'files.unpublished',
    `${path} cannot be put into ${where}, from where ${board} would fetch it: ${reasonOf(cause)}`,
    { blame: 'environment', details: { path, where }, cause },
  )
}

import type { FileServer } from '../board/file-server.ts'
import type { EmitEvent } from '../core/events.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { SshLogin } from '../board/ssh-login.ts'
import type { BoardSpec, NetworkSettings } from '../environment/environment.ts'
import { consoleFiles } from './console-files.ts'
import { openDirectoryServer, type StagingDirectory } from './directory-server.ts'
import type { Hardware } from './open-hardware.ts'

/**
 * Where a board fetches files from: its console or hil's own server where the environment asks for it, or the directory of
 * an NFS or HTTP server; else what its machine brings along, else the directory of a TFTP server that runs already,
 * here or on another machine.
 * @returns `undefined` where there is no such place
 */
export async function openFiles(
  { name, network, boot }: BoardSpec,
  {
    files,
    emulated,
    bootloader,
    ssh: overSsh,
  }: Pick<Hardware, 'files' | 'emulated'> & Partial<Pick<Hardware, 'bootloader' | 'ssh'>>,
  { undo, emit }: { readonly undo: UndoStack; readonly emit: EmitEvent },
): Promise<FileServer | undefined> {
  if (boot.by === 'console') return consoleFiles(name)
  const { tftp, nfs, http } = network
  if (tftp?.embedded !== undefined) {
    const { openEmbeddedServer } = await import('./embedded-server.ts')
    const boardAddress = bootloader?.address ?? overSsh?.host
    return openEmbeddedServer(name, tftp, { emulated, boardAddress, undo, emit })
  }
  if (files !== undefined && nfs === undefined && http === undefined) return files
  const staging = stagingOf(network)
  if (staging === undefined) return undefined
  const { ssh, ...directory } = staging
  if (ssh === undefined) return openDirectoryServer(name, directory, undo)
  const { openRemoteDirectoryServer } = await import('./remote-directory-server.ts')
  return openRemoteDirectoryServer(name, { ...directory, ssh }, undo)
}

type Staging = StagingDirectory & { readonly ssh: SshLogin | undefined }

function stagingOf({ tftp, nfs, http }: NetworkSettings): Staging | undefined {
  if (nfs !== undefined) {
    const { directory, ssh, address: host } = nfs
    return { directory, ssh, address: { host, port: 2049, nfsExport: nfs.export } }
  }
  if (http !== undefined) {
    const { directory, ssh, address: host, port, path } = http
    return { directory, ssh, address: { host, port, httpPath: path } }
  }
  if (tftp?.directory === undefined || tftp.address === undefined) return undefined
  const { directory, ssh, address: host, port, prefix } = tftp
  return { directory, ssh, address: { host, port }, prefix }
}

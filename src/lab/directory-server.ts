import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileServer } from '../board/file-server.ts'
import { digestFile } from '../core/digest-file.ts'
import { HilError, messageOf } from '../core/errors.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { DirectoryTftp } from '../environment/environment.ts'
import { uniqueNames } from './unique-names.ts'

/**
 * Puts files into the directory of a TFTP server that runs already, for the time of a run, under
 * names that no other run uses.
 * @returns `undefined` where the environment names no such directory
 */
export function openDirectoryServer(
  board: string,
  tftp: DirectoryTftp | undefined,
  undo: UndoStack,
): FileServer | undefined {
  if (tftp?.directory === undefined || tftp.address === undefined) return undefined
  const { directory, address, port } = tftp
  const nameFor = uniqueNames(board)
  return {
    address: { host: address, port },
    async publish(name, path, t) {
      const servedName = nameFor(name)
      const target = join(directory, servedName)
      undo.defer(`removing ${target}`, () => rm(target, { force: true }))
      try {
        await copyFile(path, target, constants.COPYFILE_FICLONE)
        return { name: servedName, ...(await digestFile(target, t.signal)) }
      } catch (cause) {
        t.throwIfOver()
        throw new HilError(
          'files.unpublished',
          `${path} cannot be put into ${directory}, from where ${board} would fetch it: ${messageOf(cause)}`,
          { blame: 'environment', details: { path, directory }, cause },
        )
      }
    },
  }
}

import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileServer } from '../board/file-server.ts'
import { digestFile } from '../core/digest-file.ts'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { ServerAddress } from '../board/boot-plan.ts'
import { uniqueNames } from './unique-names.ts'

/** A directory of a TFTP, NFS or HTTP server that runs already. */
export interface StagingDirectory {
  readonly directory: string
  /** The server as the board reaches it. */
  readonly address: ServerAddress
  /** In front of the name of every file: a directory below that one. */
  readonly prefix?: string | undefined
}

/**
 * Puts files into the directory of a server that runs already, for the time of a run, under names that
 * no other run uses.
 */
export function openDirectoryServer(
  board: string,
  { directory, address, prefix = '' }: StagingDirectory,
  undo: UndoStack,
): FileServer {
  const nameFor = uniqueNames(board)
  return {
    address,
    async publish(name, path, t) {
      const servedName = `${prefix}${nameFor(name)}`
      const target = join(directory, servedName)
      undo.defer(`removing ${target}`, () => rm(target, { force: true }))
      try {
        await copyFile(path, target, constants.COPYFILE_FICLONE)
        return { name: servedName, ...(await digestFile(target, t.signal)) }
      } catch (cause) {
        t.throwIfOver()
        throw new HilError(
          'files.unpublished',
          `${path} cannot be put into ${directory}, from where ${board} would fetch it: ${reasonOf(cause)}`,
          { blame: 'environment', details: { path, directory }, cause },
        )
      }
    },
  }
}

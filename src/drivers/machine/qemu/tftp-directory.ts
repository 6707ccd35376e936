import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ServedFile } from '../../../board/boot-plan.ts'
import type { FileServer } from '../../../board/file-server.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { digestFile } from '../../../core/digest-file.ts'
import { HilError } from '../../../core/errors.ts'
import { reasonOf } from '../../../core/reason-of.ts'

/** The host in QEMU's user network (slirp), its loopback interface included. */
export const userNetworkHost = '10.0.2.2'

/** Where QEMU answers TFTP itself. The host's own port 69 is hidden behind it. */
const address = { host: userNetworkHost, port: 69 } as const

/**
 * The directory that QEMU's built-in TFTP server serves. A file is copied (a clone where the file
 * system can) and the copy is hashed, so the board gets the very bytes that were hashed, also when
 * the original is built anew in the meantime.
 */
export async function createTftpDirectory(
  parent: string,
): Promise<FileServer & { readonly directory: string }> {
  const directory = await mkdtemp(join(parent, 'tftp-'))
  return {
    directory,
    address,
    async publish(name, path, t) {
      checkName(name)
      return copyInto(directory, name, path, t)
    },
  }
}

async function copyInto(directory: string, name: string, path: string, t: Deadline): Promise<ServedFile> {
  const target = join(directory, name)
  const copy = join(directory, `.${randomUUID()}`)
  try {
    await mkdir(dirname(target), { recursive: true })
    await copyFile(path, copy, constants.COPYFILE_FICLONE)
    const digest = await digestFile(copy, t.signal)
    // A transfer of an older file of this name that is under way keeps the older file.
    await rename(copy, target)
    return { name, ...digest }
  } catch (cause) {
    t.throwIfOver()
    throw new HilError(
      'files.unreadable',
      `${path} can't be served to the board as "${name}": ${reasonOf(cause)}`,
      {
        blame: 'environment',
        details: { name, path },
        cause,
      },
    )
  } finally {
    await rm(copy, { force: true })
  }
}

/** slirp refuses `..`, and a name ends at its first zero byte. */
function checkName(name: string): void {
  const parts = name.split('/')
  if (/^[\w.+@=,-][\w.+@=,/-]{0,200}$/.test(name) && !parts.includes('..') && !parts.includes('')) return
  throw new HilError(
    'files.bad-name',
    `"${name}" is no name for a file on a TFTP server: use letters, digits and ._+@=,-/`,
    {
      blame: 'hil',
      details: { name },
    },
  )
}

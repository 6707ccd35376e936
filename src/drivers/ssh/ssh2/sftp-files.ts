import { open } from 'node:fs/promises'
import type { SFTPWrapper, Stats } from 'ssh2'
import { localError, refuseLocal, refusedError } from '../../../board/transfer-errors.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { messageOf } from '../../../core/errors.ts'
import type { SshConnection } from '../../../transports/ssh/connection.ts'
import { ask, copyFrom, copyTo } from '../../../transports/ssh/sftp-copy.ts'
import type { Report } from './files.ts'

export interface PutJob {
  readonly file: string | Uint8Array
  readonly size: number
  readonly path: string
  readonly part: string
  readonly mode: number | undefined
}

export async function putBySftp(
  connection: SshConnection,
  { file, size, path, part, mode }: PutJob,
  report: Report,
  t: Deadline,
): Promise<void> {
  await withSftp(connection, path, t, async (sftp) => {
    const before = await statOf(sftp, path, t)
    if (before?.isDirectory() === true) throw refusedError(path, 'is a directory')
    const content = await openContent(file, size)
    try {
      await copyTo(sftp, part, content, t, (done) => {
        report(done, size)
      })
      const permissions = mode ?? (before === undefined ? undefined : before.mode & 0o7777)
      if (permissions !== undefined)
        await t.race(ask<void>((done) => sftp.chmod(part, permissions, noValue(done))))
      await moveTo(sftp, part, path, before !== undefined, t)
    } catch (error) {
      sftp.unlink(part, () => undefined)
      throw await whyNot(error, sftp, part)
    } finally {
      await content.close()
    }
  })
}

export async function getBySftp(
  connection: SshConnection,
  path: string,
  file: string,
  report: Report,
  t: Deadline,
): Promise<number> {
  let size = 0
  await withSftp(connection, path, t, async (sftp) => {
    if ((await statOf(sftp, path, t))?.isDirectory() === true) throw refusedError(path, 'is a directory')
    size = await copyFrom(sftp, path, file, t, report)
  })
  return size
}

async function withSftp(
  connection: SshConnection,
  path: string,
  t: Deadline,
  body: (sftp: SFTPWrapper) => Promise<void>,
): Promise<void> {
  const sftp = await connection.sftp(t)
  try {
    await body(sftp)
  } catch (error) {
    // What the server answered; everything else is as it is.
    if (typeof codeOf(error) !== 'number') throw error
    throw refusedError(path, messageOf(error))
  }
}

async function statOf(sftp: SFTPWrapper, path: string, t: Deadline): Promise<Stats | undefined> {
  try {
    return await t.race(ask<Stats>((done) => sftp.stat(path, done)))
  } catch (error) {
    t.throwIfOver()
    if (typeof codeOf(error) === 'number') return undefined
    throw error
  }
}

/** Plain SFTP does not replace what is there; OpenSSH's extension does, at once. */
async function moveTo(
  sftp: SFTPWrapper,
  part: string,
  path: string,
  replaces: boolean,
  t: Deadline,
): Promise<void> {
  if (!replaces) return t.race(ask<void>((done) => sftp.rename(part, path, noValue(done))))
  try {
    await t.race(ask<void>((done) => sftp.ext_openssh_rename(part, path, noValue(done))))
  } catch (error) {
    if (typeof codeOf(error) === 'number') throw error
    await t.race(ask<void>((done) => sftp.unlink(path, noValue(done))))
    await t.race(ask<void>((done) => sftp.rename(part, path, noValue(done))))
  }
}

/** SFTP has no word for a full disk: all it says is "Failure". */
async function whyNot(error: unknown, sftp: SFTPWrapper, part: string): Promise<unknown> {
  if (codeOf(error) !== failure) return error
  const free = await ask<{ f_bavail?: number | bigint }>((done) =>
    sftp.ext_openssh_statvfs(part.slice(0, part.lastIndexOf('/')) || '.', done),
  ).catch(() => undefined)
  return free !== undefined && Number(free.f_bavail) < fewBlocks
    ? refusedError(part, 'No space left on device')
    : error
}

/** Less than what is sent at once: the last pieces did not fit. */
const fewBlocks = 512

/** draft-ietf-secsh-filexfer-02, section 7. */
const failure = 4

async function openContent(file: string | Uint8Array, size: number) {
  if (typeof file !== 'string') {
    const read = (position: number, length: number) =>
      Promise.resolve(file.subarray(position, position + length))
    return { size, read, close: () => Promise.resolve() }
  }
  const handle = await open(file).catch(refuseLocal(file))
  return {
    size,
    async read(position: number, length: number) {
      const buffer = Buffer.alloc(length)
      const { bytesRead } = await handle.read(buffer, 0, length, position)
      if (bytesRead === length) return buffer
      throw localError(file, new Error('it became shorter while it was read'))
    },
    close: () => handle.close(),
  }
}

function noValue(done: (error: Error | undefined, value: void) => void) {
  return (error?: Error | null) => {
    done(error ?? undefined, undefined)
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code
}

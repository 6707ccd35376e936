import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { execa } from 'execa'
import type { Deadline } from '../../core/deadline.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { writeAt } from '../../core/write-at.ts'
import type { BlockDevice } from './block-device.ts'
import { direct, notRead, notWritten, wholePages, type Disk, type DiskPart, type DiskPiece } from './disk.ts'

/** A disk of this machine. */
export function localDisk({ device, size }: BlockDevice): Disk {
  return {
    ...{ device, size },
    write: (pieces, t) => writeTo(device, pieces, t),
    hashes: async (parts, t) => {
      const hashes: string[] = []
      for (const part of parts) hashes.push(await hashOf(device, part, t))
      return hashes
    },
  }
}

async function writeTo(device: string, pieces: AsyncIterable<DiskPiece>, t: Deadline): Promise<void> {
  // O_EXCL on a disk: nobody else may have it mounted.
  const disk = await open(device, constants.O_WRONLY | constants.O_EXCL).catch((cause: unknown) => {
    throw refused(device, cause)
  })
  try {
    for await (const { at, bytes } of pieces) {
      try {
        await writeAt(disk, bytes, at)
      } catch (cause) {
        throw refused(device, cause)
      }
    }
    await t.race(disk.sync())
  } finally {
    await disk.close()
  }
}

function refused(device: string, cause: unknown) {
  const { code = '' } = cause as NodeJS.ErrnoException
  return notWritten(device, reasonOf(cause), ['EACCES', 'EPERM', 'EBUSY'].includes(code), cause)
}

async function hashOf(device: string, part: DiskPart, t: Deadline): Promise<string> {
  const { start, length } = part
  const args = [`if=${device}`, 'bs=4M', 'status=none', `skip=${start}`, `count=${wholePages(part)}`, direct]
  const dd = execa('dd', args, {
    encoding: 'buffer',
    buffer: false,
    reject: false,
    env: { LC_ALL: 'C' },
  })
  const said: Buffer[] = []
  dd.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const hash = createHash('sha256')
  let left = length
  try {
    for await (const bytes of dd.stdout as AsyncIterable<Buffer>) {
      t.throwIfOver()
      hash.update(bytes.subarray(0, left))
      left -= Math.min(left, bytes.length)
    }
    const { exitCode } = await t.race(dd)
    if (exitCode !== 0) throw notRead(device, Buffer.concat(said).toString().trim())
  } finally {
    dd.kill('SIGKILL')
  }
  return hash.digest('hex')
}

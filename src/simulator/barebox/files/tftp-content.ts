import type { ServerAddress } from '../../../board/boot-plan.ts'
import { readByTftp, type TftpReadResult } from '../../../servers/tftp/tftp-read.ts'
import { FileTreeError, type FileError, type FileNode } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import type { MountContent } from './mount.ts'

/** fs/tftp.c, TFTP_MTU_SIZE. */
const blockSize = 1432

/** Seconds without a server, as barebox's patience: a mark for each but the last. */
const marks = 14

/** A directory of a TFTP server: it can't be listed, so it shows only what was looked at. */
export function tftpContent(barebox: Barebox, server: ServerAddress): MountContent {
  const seen = new Map<string, FileNode>()
  const root: FileNode = { type: 'directory', entries: seen, mode: 0o777 }
  return {
    find: async (path) => {
      const name = path.slice(1)
      if (name === '') return root
      const found = await ask(barebox, server, name, 0)
      // Whatever went wrong: what can't be looked up is not there.
      if (found.kind !== 'read') return undefined
      const node: FileNode = {
        type: 'file',
        content: () => '',
        size: found.size ?? 0,
        write: undefined,
        mode: 0o777,
      }
      seen.set(name, node)
      return node
    },
    list: () => [...seen.keys()].sort(),
    read: async (path, limit) => {
      if (path === '/') throw new FileTreeError('Is a directory')
      const result = await ask(barebox, server, path.slice(1), limit)
      if (result.kind !== 'read') throw new FileTreeError(errorOf(result))
      return result.bytes
    },
  }
}

type Answer = TftpReadResult | { readonly kind: 'interrupted' }

async function ask(
  barebox: Barebox,
  server: ServerAddress,
  name: string,
  limit: number | undefined,
): Promise<Answer> {
  const { life, network } = barebox.hardware
  const really = await life.during(network.route(server))
  const answer = really && (await transfer(barebox, really, name, limit))
  if (answer !== undefined && (answer.kind !== 'unanswered' || !answer.closed)) return answer
  // Nobody will answer: what is left is the board's own time.
  for (let mark = 0; mark < marks; mark += 1) {
    if (await barebox.console.sleep(1000)) return { kind: 'interrupted' }
    await barebox.print('T ')
  }
  await life.sleep(1000)
  return { kind: 'unanswered', closed: true }
}

function transfer(
  { hardware, variables, console, print }: Barebox,
  server: ServerAddress,
  name: string,
  limit: number | undefined,
): Promise<Answer> {
  const windowSize = Math.max(1, Number(variables.global('tftp.windowsize')))
  const request = { server, name, blockSize, windowSize, ...(limit === undefined ? {} : { limit }) }
  return hardware.life.wait((resolve) => {
    const drop = readByTftp(
      request,
      {
        resent: () => {
          void print('T ')
          if (!console.interrupted()) return
          drop()
          resolve({ kind: 'interrupted' })
        },
        stray: () => {
          void print('B')
        },
      },
      resolve,
    )
    return drop
  })
}

function errorOf(result: Exclude<Answer, { readonly kind: 'read' }>): FileError {
  switch (result.kind) {
    case 'refused':
      if (result.code === 1) return 'No such file or directory'
      return result.code === 2 ? 'Permission denied' : 'Invalid argument'
    case 'invalid':
      return 'Invalid argument'
    case 'interrupted':
      return 'Interrupted system call'
    case 'unanswered':
      return 'Connection timed out'
  }
}

import { basename } from 'node:path/posix'
import type { BootPlan, NetworkOverride, ServedFile, ServerAddress } from '../../board/boot-plan.ts'
import type { Shell } from '../../board/shell.ts'
import { ShellTransfer } from '../../board/shell-transfer/shell-transfer.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { quoteWord } from '../../core/quote-word.ts'
import { runAsRoot } from './run-as-root.ts'

/** Where the files of a payload are on the board, in memory as a rule. */
export const directory = '/tmp/hil-kexec'

/**
 * Has a running system fetch a file, or sends it over the console, and proves by its SHA-256 that it is the one.
 * @returns its path on the board
 * @throws HilError `boot.fetch-failed` (infrastructure), `boot.unsupported` (environment)
 */
export async function bringFile(
  shell: Shell,
  server: NetworkOverride['server'],
  file: ServedFile,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  const path = `${directory}/${basename(file.name)}`
  if (server === 'console') await send(shell, file, path, observe, t)
  else await fetch(shell, server, file, path, t)
  const sum = await runAsRoot(shell, `sha256sum ${quoteWord(path)}`, t, {
    ...fetchFailed,
    what: `the system can't tell the SHA-256 of ${file.name}`,
  })
  if (!sum.startsWith(file.sha256)) {
    throw new HilError(
      'boot.fetch-failed',
      `the system has other bytes than were published as "${file.name}": its SHA-256 is ${sum.slice(0, 12)}... and not ${file.sha256.slice(0, 12)}...`,
      { blame: 'infrastructure', details: { file, said: sum } },
    )
  }
  observe?.({ type: 'digest', file: file.name, sha256: file.sha256 })
  return path
}

const fetchFailed = { code: 'boot.fetch-failed', blame: 'infrastructure' } as const

async function send(
  shell: Shell,
  { name, path: local = name }: ServedFile,
  path: string,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<void> {
  let progress = { done: 0, total: 0 }
  const tell = (isOver: boolean) => observe?.({ type: 'sending', file: name, ...progress, isOver })
  try {
    await new ShellTransfer(shell, { by: 'console' }).put(local, path, t, {
      onProgress: (at) => {
        progress = at
        tell(false)
      },
    })
  } finally {
    tell(true)
  }
}

/** By whichever client the system has. */
async function fetch(
  shell: Shell,
  server: ServerAddress,
  { name }: ServedFile,
  path: string,
  t: Deadline,
): Promise<void> {
  await runAsRoot(shell, fetchCommand(server, name, quoteWord(path)), t, {
    ...fetchFailed,
    what: `the system can't fetch "${name}" from ${server.host} port ${server.port}, by curl, ${server.httpPath === undefined ? 'tftp' : 'wget'}`,
  })
}

function fetchCommand(
  { host, port, httpPath, nfsExport }: ServerAddress,
  name: string,
  path: string,
): string {
  if (nfsExport !== undefined) {
    throw new HilError(
      'boot.unsupported',
      'a system fetches what it is to start by kexec by TFTP or HTTP, not by NFS: name "network.tftp"',
      { blame: 'environment' },
    )
  }
  if (httpPath !== undefined) {
    const url = quoteWord(`http://${host}:${port}${httpPath}/${name}`)
    return `curl -sf -o ${path} ${url}||wget -q -O ${path} ${url}`
  }
  // 1432 bytes a block, which fit every Ethernet; then busybox's without that option, then tftp-hpa's.
  return [
    `curl -sf --tftp-blksize 1432 -o ${path} ${quoteWord(`tftp://${host}:${port}/${name}`)}`,
    `tftp -b 1432 -g -l ${path} -r ${quoteWord(name)} ${host} ${port}`,
    `tftp -g -l ${path} -r ${quoteWord(name)} ${host} ${port}`,
    `tftp -m binary ${host} ${port} -c get ${quoteWord(name)} ${path}`,
  ].join('||')
}

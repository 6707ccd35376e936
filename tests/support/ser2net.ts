import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Deadline } from '../../src/core/deadline.ts'

export interface Ser2net {
  readonly port: number
  /** Stops it in the middle of everything, connections left open. */
  hang(): void
  stop(): Promise<void>
}

/**
 * Debian's ser2net on loopback, for one device.
 * @param accepter what it speaks to clients, as in ser2net.yaml(5): `telnet(rfc2217)`, `telnet`; nothing is raw
 * @param connector what it opens for them
 * @param directory for its files
 */
export async function startSer2net(
  accepter: string,
  connector: string,
  directory: string,
  t: Deadline,
): Promise<Ser2net> {
  const config = join(directory, 'ser2net.yaml')
  const speaks = [...(accepter === '' ? [] : [accepter]), 'tcp,127.0.0.1,0'].join(',')
  await writeFile(config, `connection: &board\n  accepter: ${speaks}\n  connector: ${connector}\n`)
  // No locks (-u): it is killed, and would leave them in /run/lock.
  const server = spawn('ser2net', ['-n', '-u', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(server, 'exit').then(() => {
    throw new Error(`ser2net ended: ${said}`)
  })
  const stop = async () => {
    server.kill('SIGKILL')
    await ended.catch(() => undefined)
  }
  try {
    const port = await t.race(Promise.race([listeningPort(server.pid ?? 0, t), ended]))
    return { port, hang: () => server.kill('SIGSTOP'), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The port a process has chosen to listen on. Linux tells nobody, so this one looks again. */
async function listeningPort(pid: number, t: Deadline): Promise<number> {
  for (;;) {
    const sockets = await socketsOf(pid)
    const table = await readFile('/proc/net/tcp', 'utf8')
    for (const line of table.split('\n')) {
      // proc_net_tcp: number, local address, remote address, state (0A is LISTEN), ..., inode in column 10.
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      if (state === '0A' && sockets.has(inode)) return Number.parseInt(local.split(':')[1] ?? '', 16)
    }
    await t.race(wait(5))
  }
}

async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const names = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''))
}

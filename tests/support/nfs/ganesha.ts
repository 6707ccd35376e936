import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findCommand } from '../../../scripts/setup/find-command.mjs'

/** A real NFS server on the loopback interface, read-only. */
export interface TestNfsServer extends AsyncDisposable {
  readonly host: '127.0.0.1'
}

const portmapperPort = 111

/**
 * Why no NFS server can be run here; undefined where one can. Set-up does not install one: it would serve
 * from then on. barebox asks the portmapper, which has one port only.
 */
export async function lackOfNfs(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root can run an NFS server'
  for (const [program, name] of [
    ['rpcbind', 'rpcbind'],
    ['ganesha.nfsd', 'nfs-ganesha-vfs'],
  ] as const) {
    if (findCommand(program) === undefined) return `${program} (package ${name}) is not installed`
  }
  return (await isTaken()) ? `another portmapper has port ${portmapperPort}` : undefined
}

/** @param path the directory to be exported, under its own name */
export async function startNfsServer(path: string): Promise<TestNfsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'hil-nfs-'))
  const children: ChildProcess[] = []
  const start = (program: string, args: readonly string[]) => {
    const child = spawn(findCommand(program) ?? program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    children.push(child)
    return child
  }
  const [ports, config, log] = [await freePorts(2), join(directory, 'conf'), join(directory, 'log')]
  writeFileSync(config, ganeshaConfig(path, ports))
  writeFileSync(log, '')
  // Its option for one address alone makes it crash (1.2.6).
  const rpcbind = start('rpcbind', ['-f'])
  rpcbind.stderr?.resume()
  await listening(rpcbind)
  // It logs to a file only; tail is what waits for a line of it.
  const tail = spawn('tail', ['-n', '+1', '-f', log], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ganesha = start('ganesha.nfsd', ['-F', '-f', config, '-L', log, '-p', join(directory, 'pid')])
  ganesha.stderr?.resume()
  const ready = (async () => {
    for await (const line of createInterface(tail.stdout)) if (line.includes('NFS SERVER INITIALIZED')) return
  })()
  const ended = once(ganesha, 'exit').then(() => {
    throw new Error(`ganesha.nfsd ended: ${readFileSync(log, 'utf8').slice(-2000)}`)
  })
  ended.catch(() => undefined)
  try {
    await Promise.race([ready, ended])
  } finally {
    tail.kill()
  }
  return {
    host: '127.0.0.1',
    async [Symbol.asyncDispose]() {
      for (const child of children.toReversed()) {
        const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
        // ganesha takes seconds to end by itself, and has nothing to write.
        child.kill('SIGKILL')
        await exited
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function ganeshaConfig(path: string, [nfs = 0, mountd = 0]: readonly number[]): string {
  return `NFS_CORE_PARAM {
  NFS_Port = ${nfs}; MNT_Port = ${mountd}; Bind_addr = 127.0.0.1; NFS_Protocols = 3; Enable_UDP = true;
  Enable_NLM = false; Enable_RQUOTA = false;
}
NFS_KRB5 { Active_krb5 = false; }
NFSv4 { Only_Numeric_Owners = true; }
DIRECTORY_SERVICES { DomainName = localdomain; }
EXPORT {
  Export_Id = 1; Path = ${path}; Pseudo = /root; Protocols = 3; Transports = UDP, TCP; Access_Type = RO;
  Squash = None; SecType = sys; FSAL { Name = VFS; }
}
`
}

async function freePorts(count: number): Promise<readonly number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4').bind(0, '127.0.0.1'))
  await Promise.all(sockets.map((socket) => once(socket, 'listening')))
  const ports = sockets.map((socket) => socket.address().port)
  for (const socket of sockets) socket.close()
  return ports
}

async function isTaken(): Promise<boolean> {
  const socket = connect(portmapperPort, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** rpcbind says nothing when it is ready, so that it is asked. */
async function listening(rpcbind: ChildProcess): Promise<void> {
  while (!(await isTaken())) {
    if (rpcbind.exitCode !== null || rpcbind.signalCode !== null) throw new Error('rpcbind has ended')
  }
}

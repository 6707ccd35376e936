import type { Deadline } from '../../core/deadline.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { callRpc, words, xdrBytes } from './sun-rpc.ts'

const portmapper = { program: 100_000, version: 2 } as const
const nfs = { program: 100_003, version: 3 } as const
const mount = { program: 100_005, version: 3 } as const
const udp = 17
/** Each question has this long, in milliseconds. */
const answerMs = 3000

/** Status of MNT (RFC 1813, section 5.1.5). */
const mountErrors: Readonly<Record<number, string>> = {
  1: 'only root may mount it',
  2: 'the server has no such directory',
  13: 'the server does not export it, or not to this machine',
  20: 'it is no directory',
  10004: 'the server does not export by this protocol',
}

/**
 * Asks an NFS server what barebox asks before it boots from it: NFS version 3 over UDP, and the mount.
 * @returns what is wrong, as a sentence; undefined where barebox could mount it
 */
export async function probeExport(
  host: string,
  path: string,
  t: Deadline,
  portmapperPort = 111,
): Promise<string | undefined> {
  const portOf = async ({ program, version }: { program: number; version: number }) => {
    using answer = t.within(answerMs, `asking the portmapper of ${host}`)
    const argument = words(program, version, udp, 0)
    const result = await callRpc(
      { host, port: portmapperPort },
      { ...portmapper, procedure: 3 },
      argument,
      answer,
    )
    return result?.length === 4 ? result.readUInt32BE(0) : 0
  }
  try {
    if ((await portOf(nfs)) === 0) {
      return `${host} serves no NFS version 3 over UDP, the only one that barebox speaks: for nfs-kernel-server write "udp=y" and "vers3=y" below [nfsd] in /etc/nfs.conf and restart it; nfs-ganesha has it as Protocols = 3 and Transports = UDP`
    }
    const port = await portOf(mount)
    if (port === 0) return `${host} has no mountd over UDP`
    using answer = t.within(answerMs, `mounting ${path}`)
    const procedure = { ...mount, procedure: 1 }
    const result = await callRpc({ host, port }, procedure, xdrBytes(Buffer.from(path)), answer)
    const status = result === undefined || result.length < 4 ? undefined : result.readUInt32BE(0)
    if (status === 0) {
      await callRpc({ host, port }, { ...mount, procedure: 3 }, xdrBytes(Buffer.from(path)), answer)
      return undefined
    }
    const why = status === undefined ? 'it refuses the call' : (mountErrors[status] ?? `status ${status}`)
    return `${host} does not let ${path} be mounted: ${why}; export it, for nfs-kernel-server by "${path} *(ro,no_root_squash,no_subtree_check)" in /etc/exports and "sudo exportfs -ra"`
  } catch (error) {
    t.throwIfOver()
    return `no NFS server answers at ${host} (${reasonOf(error)}): install nfs-kernel-server or nfs-ganesha, with rpcbind`
  }
}

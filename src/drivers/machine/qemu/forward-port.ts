import type { NetworkAddress } from '../../../board/ssh.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { QmpClient } from './qmp-client.ts'

const host = '127.0.0.1'

/**
 * Has QEMU's user network take connections for a port of the guest, at a port of its own choice. Neither
 * is a command of its machine protocol: both are typed at the monitor for people, and what it prints is read.
 */
export async function forwardPort(qmp: QmpClient, port: number, t: Deadline): Promise<NetworkAddress> {
  const type = async (line: string) =>
    String(await qmp.execute('human-monitor-command', t, { 'command-line': line }))
  const complaint = await type(`hostfwd_add hil-net tcp:${host}:0-:${port}`)
  const ours = complaint.trim() === '' ? portOf(await type('info usernet'), port) : undefined
  if (ours !== undefined) return { host, port: ours }
  throw new HilError(
    'machine.no-forward',
    `QEMU forwards no port to port ${port} of the board: ${complaint.trim() || 'its list does not have it'}`,
    { blame: 'infrastructure', details: { port } },
  )
}

/** `TCP[HOST_FORWARD]  12       127.0.0.1 34567       10.0.2.15    22     0     0` */
function portOf(usernet: string, port: number): number | undefined {
  for (const line of usernet.split('\n')) {
    const words = line.trim().split(/\s+/)
    if (words[0] === 'TCP[HOST_FORWARD]' && words[5] === String(port)) return Number(words[3])
  }
  return undefined
}

import type { DriverContext } from '../../../board/driver.ts'
import type { SshDriver } from '../../../board/ssh.ts'
import { SshConnection } from '../../../transports/ssh/connection.ts'
import { sshTarget } from '../../../transports/ssh/target.ts'
import type { Ssh2Options } from '../ssh2.ts'
import { Ssh2Session } from './session.ts'

export async function openSsh2(
  options: Ssh2Options,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<SshDriver> {
  const { host, port, identity, hostKey } = options
  const readsHostKeys = hostKey === 'console'
  const target = await sshTarget(
    { ...options, host: host ?? '', hostKey: readsHostKeys ? 'known-hosts' : hostKey },
    secret,
  )
  return {
    host,
    port,
    interface: options.interface,
    checksIdentity: identity,
    readsHostKeys,
    async connect(address, fingerprints, t) {
      const hostKeys = fingerprints && { fingerprints, from: 'the console' }
      const connection = new SshConnection(
        { ...target, ...address, ...(hostKeys && { hostKeys }) },
        { reconnects: false },
      )
      try {
        await connection.client(t)
        return new Ssh2Session(connection)
      } catch (error) {
        await connection.close()
        throw error
      }
    },
  }
}

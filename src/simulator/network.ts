import { isIPv4 } from 'node:net'
import type { ServerAddress } from '../board/boot-plan.ts'
import type { FileServer } from '../board/file-server.ts'
import { startTftpServer, type TftpServer } from '../servers/tftp/tftp-server.ts'
import type { Network } from './hardware.ts'

/** This host in the simulated network, which is laid out as QEMU's user network. */
export const hostAddress = '10.0.2.2'

const loopback = '127.0.0.1'
const serverPort = 69

export interface SimulatedNetwork extends Network {
  /** A TFTP server of its own; it runs from the first file, or the first question, on. */
  readonly files: FileServer
  close(): Promise<void>
}

/**
 * The simulated board's network: its packets really go to TFTP servers, by address translation. Only
 * the server it brings along has, as QEMU's, an address of its own: port 69 of the host.
 */
export function createNetwork(): SimulatedNetwork {
  let starting: Promise<TftpServer> | undefined
  let server: TftpServer | undefined
  const start = async () => {
    starting ??= startTftpServer({ host: loopback, port: 0 })
    server = await starting
    return server
  }
  return {
    files: {
      address: { host: hostAddress, port: serverPort },
      publish: async (name, path, t) => (await start()).publish(name, path, t),
      fetches: (name) => server?.fetches(name) ?? [],
      requests: (name) => server?.requests(name) ?? 0,
      settled: async (names) => server?.settled(names),
      conclude: async (names) => server?.conclude(names),
    },
    route: async ({ host, port }): Promise<ServerAddress | undefined> => {
      if (host !== hostAddress) return isIPv4(host) && host !== '0.0.0.0' ? { host, port } : undefined
      return port === serverPort ? (await start()).address : { host: loopback, port }
    },
    close: async () => {
      await (await starting)?.close()
    },
  }
}

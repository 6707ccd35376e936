import type { TftpEvent } from '../servers/tftp/events.ts'
import { startTftpServer, type TftpServer } from '../servers/tftp/tftp-server.ts'

/** A server as one of the boards that use it has it. */
export interface SharedTftpServer {
  readonly server: TftpServer
  /** The last one who leaves stops the server. */
  leave(): Promise<void>
}

interface Running {
  readonly server: Promise<TftpServer>
  readonly listeners: Set<(event: TftpEvent) => void>
}

/** A UDP port belongs to the whole process, so boards that listen at the same one share their server. */
const running = new Map<string, Running>()

/**
 * @param host numeric address to listen on
 * @param port 0 for one that is free, and not shared
 * @param listener gets the events of all boards of this server
 */
export async function joinTftpServer(
  host: string,
  port: number,
  listener: (event: TftpEvent) => void,
): Promise<SharedTftpServer> {
  const key = port === 0 ? undefined : `${host} ${port}`
  const joined = (key === undefined ? undefined : running.get(key)) ?? start(host, port)
  joined.listeners.add(listener)
  if (key !== undefined) running.set(key, joined)
  const leave = async () => {
    const isLast = joined.listeners.size === 1
    if (isLast && key !== undefined && running.get(key) === joined) running.delete(key)
    // The last one hears how the fetches ended that were under way.
    if (isLast) await (await joined.server).close()
    joined.listeners.delete(listener)
  }
  try {
    return { server: await joined.server, leave }
  } catch (error) {
    if (key !== undefined && running.get(key) === joined) running.delete(key)
    throw error
  }
}

function start(host: string, port: number): Running {
  const listeners = new Set<(event: TftpEvent) => void>()
  const onEvent = (event: TftpEvent) => {
    for (const listener of listeners) listener(event)
  }
  return { server: startTftpServer({ host, port, onEvent }), listeners }
}

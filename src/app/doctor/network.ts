import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'

/** Whether something answers at a TCP port, if only to refuse it: then the machine that has the address is on. */
export async function answersAt(host: string, port: number, t: Deadline): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await t.race(once(socket, 'connect'))
    return true
  } catch (error) {
    if (!isDeadlineExceeded(error) && t.signal.aborted) throw error
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
  } finally {
    socket.destroy()
  }
}

const links = '/sys/class/net'

/** Network interfaces that have a link: a cable with something that has power at its other end. */
export function linksThatAreUp(root = links): readonly string[] {
  return readdirSync(root).filter((name) => name !== 'lo' && carrierOf(join(root, name)) === '1')
}

/** Of an interface that is down reading it fails. */
function carrierOf(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'carrier'), 'utf8').trim()
  } catch {
    return undefined
  }
}

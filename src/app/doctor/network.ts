import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
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

/** Network adapters that have a link: a cable with something that has power at its other end. */
export function linksThatAreUp(root = links): readonly string[] {
  // What has no device is made by software, such as the bridge of a container, and comes and goes with that.
  return readdirSync(root).filter(
    (name) => existsSync(join(root, name, 'device')) && carrierOf(join(root, name)) === '1',
  )
}

/** Of an interface that is down reading it fails. */
function carrierOf(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'carrier'), 'utf8').trim()
  } catch {
    return undefined
  }
}

/** What links tell of the power of a board that may be at the other end of one. */
export interface LinkChanges {
  /** They had power from the board. */
  readonly wentDown: readonly string[]
  /** They came with the power of the board and did not go with it. Behind a switch a link always is up, and tells nothing. */
  readonly stayedUp: readonly string[]
}

/**
 * @param off those that were up before the board was switched on; absent where nobody looked
 * @param on those that were up while it ran
 * @param offAgain those that are up now that it was switched off
 */
export function compareLinks(
  off: readonly string[] | undefined,
  on: readonly string[],
  offAgain: readonly string[],
): LinkChanges {
  return {
    wentDown: on.filter((name) => !offAgain.includes(name)),
    stayedUp: off === undefined ? [] : on.filter((name) => !off.includes(name) && offAgain.includes(name)),
  }
}

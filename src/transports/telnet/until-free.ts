import { setTimeout as wait } from 'node:timers/promises'
import { HilError } from '../../core/errors.ts'

/** Between the attempts, in milliseconds: each one writes a line of the server's into the log of the console. */
const pausesMs = [100, 200, 400, 800] as const

/**
 * Connects to a server that may still be giving its device back: ser2net then hangs up on who comes next, such as the
 * next run of a night.
 *
 * @param connect fails with `transport.hung-up` where the server hung up before the line was set up
 */
export async function untilFree<T>(connect: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await connect()
    } catch (error) {
      if (!(error instanceof HilError && error.code === 'transport.hung-up')) throw error
    }
    await wait(pause, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
  return connect()
}

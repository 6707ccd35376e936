import { setTimeout as wait } from 'node:timers/promises'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'

/** A board at a time for each line: many relays share one, and a line has one user. */
const turns = new Map<string, Promise<unknown>>()

/** Nothing tells when another process lets go of a serial port. */
const retryMs = 20

/**
 * Does something with a serial port of several users when it is our turn.
 * @param device the port, by its real path
 * @param work throws `transport.port-in-use` where another process has the port; it is done again then
 */
export async function takeTurn<T>(device: string, t: Deadline, work: () => Promise<T>): Promise<T> {
  const before = turns.get(device) ?? Promise.resolve()
  const mine = before.then(() => whenFree(t, work))
  const settled = mine.catch(() => undefined)
  turns.set(device, settled)
  try {
    return await t.race(mine)
  } finally {
    void settled.then(() => turns.get(device) === settled && turns.delete(device))
  }
}

async function whenFree<T>(t: Deadline, work: () => Promise<T>): Promise<T> {
  for (;;) {
    t.throwIfOver()
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof HilError) || error.code !== 'transport.port-in-use') throw error
      await t.race(wait(retryMs, undefined, { signal: t.signal }))
    }
  }
}

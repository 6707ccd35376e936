import { createInterface } from 'node:readline'
import { startDeadline } from '../../../core/deadline.ts'
import { thisProcess } from '../../lease/holder.ts'
import { tryLock } from '../../resource-lock.ts'
import type { Held, WatchdogOrders } from '../watchdog.ts'

/** A coordinator that is being started anew is worth the wait: nobody else would ever release the place. */
const patienceMs = 10 * 60_000

/** Whoever started it may be ended by any of these, and it is not to end with them. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const lines: unknown[] = []
for await (const line of createInterface({ input: process.stdin })) {
  const told = parse(line)
  if (told === 'done') process.exit(0)
  if (told !== undefined) lines.push(told)
}
const [orders, ...held] = lines as [WatchdogOrders | undefined, ...Held[]]
if (orders !== undefined && held.length > 0) await giveBack(orders, held)
process.exit(0)

/** The last line of a process that was killed may be half a line. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

async function giveBack({ coordinator: address }: WatchdogOrders, held: readonly Held[]): Promise<void> {
  const { Coordinator, releasePlace, cancelReservation } = await client()
  using t = startDeadline(patienceMs, 'giving back what a dead run had')
  using coordinator = await Coordinator.connectPatiently(address, t)
  for (const { place, token } of held.toReversed()) {
    if (token !== undefined) await cancelReservation(coordinator, token, t).catch(() => undefined)
    if (place === undefined) continue
    // A run that came meanwhile has found the place acquired by this person, and has it now.
    const lock = await tryLock(
      `place:${address.address}/${place}`,
      thisProcess(`giving back ${place} of a run that was killed`),
    )
    if (!('release' in lock)) continue
    await releasePlace(coordinator, place, t).catch(() => undefined)
    await lock.release()
  }
}

/** Only who has something to give back pays for gRPC. */
async function client() {
  const [{ Coordinator }, { releasePlace }, { cancelReservation }] = await Promise.all([
    import('../coordinator.ts'),
    import('../acquire-place.ts'),
    import('../reservation.ts'),
  ])
  return { Coordinator, releasePlace, cancelReservation }
}

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Holder } from './holder.ts'
import { takeName, type NamedSocket } from './named-socket.ts'
import { queueName } from './names.ts'

/** What whoever waits says of themselves. */
export interface Waiting {
  readonly holder: Holder
  readonly priority: number
}

/** A place in the queues of some resources. A process that dies loses it at once. */
export interface QueueTicket {
  /** Sorts before the rank of whoever comes later. */
  readonly rank: string
  leave(): Promise<void>
}

/** Priorities are whole numbers from minus this to this. */
export const highestPriority = 100

/** Those who wait are served by priority, then in the order of their coming. */
export async function enqueue(
  resources: readonly string[],
  { priority, holder }: Waiting,
): Promise<QueueTicket> {
  const rank = rankOf(priority)
  const places: NamedSocket[] = []
  for (const resource of resources) {
    const place = await takeName(`${queueName(resource)}/${rank}`, { greeting: { ...holder, priority } })
    if (place !== undefined) places.push(place)
  }
  return {
    rank,
    leave: async () => {
      for (const place of places) await place.close()
    },
  }
}

/** The monotonic clock counts from the start of this host, for all its processes. */
export function rankOf(priority: number): string {
  const urgency = String(highestPriority - priority).padStart(3, '0')
  const age = String(process.hrtime.bigint()).padStart(20, '0')
  return `${urgency}-${age}-${randomBytes(2).toString('hex')}`
}

/** Someone in a queue; `name` is that of the socket they have. */
export interface Place {
  readonly resource: string
  readonly rank: string
  readonly name: string
}

/** Who waits for any of these, the next one first. The kernel keeps the list. */
export async function waitingFor(resources: readonly string[]): Promise<readonly Place[]> {
  const byQueue = new Map(resources.map((resource) => [queueName(resource), resource]))
  const places = new Map<string, Place>()
  for (const [, queue = '', rank = ''] of (await readFile('/proc/net/unix', 'latin1')).matchAll(
    queuePattern,
  )) {
    const resource = byQueue.get(queue)
    const name = `${queue}/${rank}`
    if (resource !== undefined) places.set(name, { resource, rank, name })
  }
  return [...places.values()].sort((a, b) => (a.rank < b.rank ? -1 : 1))
}

/** An abstract name is shown with an `@` for each NUL, once for the socket and once for each visitor. */
const queuePattern = /@(hil\/queue\/[0-9a-f]{32})\/(\d{3}-\d{20}-[0-9a-f]{4})@*$/gm

import { createHash } from 'node:crypto'

/** Names of sockets that stand for a resource (`named-socket.ts`), made of its hash: resources can be longer than a name. */

/** Who has it uses the resource. */
export function lockName(resource: string): string {
  return `hil/lock/${nameOfResource(resource)}`
}

/** Who has it keeps the resource for hand work. */
export function holdName(resource: string): string {
  return `hil/hold/${nameOfResource(resource)}`
}

/** Those who wait for the resource have names that begin so. */
export function queueName(resource: string): string {
  return `hil/queue/${nameOfResource(resource)}`
}

/** A resource as a name of files and sockets. */
export function nameOfResource(resource: string): string {
  return createHash('sha256').update(resource).digest('hex').slice(0, 32)
}

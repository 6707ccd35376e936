import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import { silentHolder } from '../resource-lock.ts'
import { asHolder, describeHolder } from './holder.ts'
import type { Visit } from './named-socket.ts'

/** Why a board can't be leased now. */
export interface Obstacle {
  readonly kind: 'used' | 'held' | 'queue'
  readonly board: string
  readonly resource: string
  /** At whoever is in the way; `undefined` where they are gone again. */
  readonly visit: Visit | undefined
}

/** Who is in the way, since when and what for. */
export function describeObstacle({ kind, board, resource, visit }: Obstacle): string {
  const holder = asHolder(visit?.greeting)
  const who = holder === undefined ? silentHolder : describeHolder(holder)
  switch (kind) {
    case 'used':
      return `${board}: ${resource} is in use by ${who}`
    case 'held':
      return `${board}: ${resource} is held for hand work by ${who}`
    case 'queue':
      return `${board}: ${resource} is waited for by ${who}, who comes first`
  }
}

/** @param waitedMs 0: nobody was asked to wait */
export function heldError(obstacle: Obstacle, waitedMs: number): HilError {
  const { kind, board, resource, visit } = obstacle
  const waited = waitedMs > 0 ? `, still after ${formatDuration(waitedMs)} of waiting` : ''
  const wait = waitedMs > 0 ? 'wait longer, as with --wait 2h' : 'wait for your turn with --wait 30m'
  const ask = kind === 'held' ? `ask for it ("hil lab unlock ${board}" ends a hold), or ` : ''
  return new HilError(
    'lock.held',
    `${describeObstacle(obstacle)}${waited}; ${ask}${wait} ("hil lab status" shows the queue)`,
    { blame: 'infrastructure', details: { board, resource, holder: asHolder(visit?.greeting) } },
  )
}

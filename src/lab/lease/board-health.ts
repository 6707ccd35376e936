import { sinceWhen } from '../../core/moment.ts'
import type { Holder } from './holder.ts'

/** How the bench of a board did lately: its switch, its console, its network, and not what it booted. */
export interface BoardHealth {
  /** Uses that failed by it, since the last one that did not. */
  readonly failuresInARow: number
  readonly lastFailure?: BenchFailure
  /** ISO 8601, UTC; absent: everybody may use the board. */
  readonly quarantinedSince?: string
}

export interface BenchFailure {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly message: string
  /** Who used the board, and what for. */
  readonly user: string
  readonly what: string
}

/** What one use of a board says of its bench. `mended`: somebody has seen that it is well. */
export type BenchOutcome =
  | { readonly kind: 'worked' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'mended' }

export const unharmed: BoardHealth = { failuresInARow: 0 }

/**
 * A quarantine begins with the failure that is one too many. What works in it does not end it: who tries to mend a board
 * uses it, too.
 * @param limit so many failures in a row begin it
 */
export function afterUse(
  before: BoardHealth,
  outcome: BenchOutcome,
  { limit, holder, at }: { readonly limit: number; readonly holder: Holder; readonly at: string },
): BoardHealth {
  if (outcome.kind === 'mended') return unharmed
  if (outcome.kind === 'worked') return { ...before, failuresInARow: 0 }
  const failuresInARow = before.failuresInARow + 1
  const quarantinedSince = before.quarantinedSince ?? (failuresInARow >= limit ? at : undefined)
  return {
    failuresInARow,
    lastFailure: { at, message: outcome.message, user: holder.user, what: holder.what },
    ...(quarantinedSince !== undefined && { quarantinedSince }),
  }
}

/** Of several that are kept of one board, what is worst. */
export function worstOf(all: readonly BoardHealth[]): BoardHealth {
  return all.reduce((worst, each) => (rank(each) > rank(worst) ? each : worst), unharmed)
}

function rank({ quarantinedSince, failuresInARow }: BoardHealth): number {
  return failuresInARow + (quarantinedSince === undefined ? 0 : Number.MAX_SAFE_INTEGER / 2)
}

/** What a record says; `undefined` where that is nothing that we understand. */
export function asHealth(value: unknown): BoardHealth | undefined {
  const { failuresInARow, lastFailure, quarantinedSince } = (value ?? {}) as Partial<
    Record<keyof BoardHealth, unknown>
  >
  if (!Number.isSafeInteger(failuresInARow)) return undefined
  const failure = asFailure(lastFailure)
  return {
    failuresInARow: Number(failuresInARow),
    ...(failure && { lastFailure: failure }),
    ...(typeof quarantinedSince === 'string' && { quarantinedSince }),
  }
}

function asFailure(value: unknown): BenchFailure | undefined {
  const { at, message, user, what } = (value ?? {}) as Partial<Record<keyof BenchFailure, unknown>>
  if (typeof at !== 'string' || typeof message !== 'string') return undefined
  return {
    at,
    message,
    user: typeof user === 'string' ? user : '?',
    what: typeof what === 'string' ? what : '?',
  }
}

/** `since 2026-01-01T00:00:00Z, for 3 h: its bench failed 3 times in a row, at last for ann (board one: hil run): ...` */
export function describeQuarantine(
  { quarantinedSince = '', failuresInARow, lastFailure }: BoardHealth,
  now = Date.now(),
): string {
  const why =
    lastFailure === undefined
      ? ''
      : `: its bench failed${timesOf(failuresInARow)}, at last for ${lastFailure.user} (${lastFailure.what}): ${lastFailure.message}`
  return `${sinceWhen(quarantinedSince, now)}${why}`
}

/** None: it has worked since, for somebody who was mending it. */
export function timesOf(failuresInARow: number): string {
  if (failuresInARow === 1) return ''
  return failuresInARow === 0 ? ' again and again' : ` ${failuresInARow} times in a row`
}

import { formatDuration } from '../../core/duration.ts'
import type { Place } from './place.ts'

/** `ann (on desk)` for `desk/ann`. */
export function describeUser(identity: string): string {
  const [host = '', user = ''] = identity.split('/')
  return user === '' ? identity : `${user} (on ${host})`
}

/** `rock3a is acquired by ann (on desk), since 2026-01-01T00:00:00.000Z, for 12 min` */
export function describeHolding({ name, holder, changed }: Place, now = Date.now()): string {
  if (holder === undefined) return `${name} is free`
  return `${name} is acquired by ${describeUser(holder)}, ${describeAge(changed, now)}`
}

/** @param since ISO 8601 */
export function describeAge(since: string, now = Date.now()): string {
  const ms = now - Date.parse(since)
  return ms >= 1000 ? `since ${since}, for ${formatDuration(Math.floor(ms / 1000) * 1000)}` : `since ${since}`
}

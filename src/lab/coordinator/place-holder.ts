import { sinceWhen } from '../../core/moment.ts'
import type { Place } from './place.ts'

/** `ann (on desk)` for `desk/ann`. */
export function describeUser(identity: string): string {
  const [host = '', user = ''] = identity.split('/')
  return user === '' ? identity : `${user} (on ${host})`
}

/** `rock3a is acquired by ann (on desk), since 2026-01-01 00:00 UTC, for 12 min` */
export function describeHolding({ name, holder, changed }: Place, now = Date.now()): string {
  if (holder === undefined) return `${name} is free`
  return `${name} is acquired by ${describeUser(holder)}, ${sinceWhen(changed, now)}`
}

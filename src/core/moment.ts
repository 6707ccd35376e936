import { formatDuration } from './duration.ts'

/**
 * An instant for people: `2026-11-28 18:35 UTC`.
 * @param instant ISO 8601, UTC
 */
export function formatMoment(instant: string): string {
  return cut(instant, '2026-11-28T18:35')
}

/** `2026-11-28 18:35:07 UTC`, where many come after each other. */
export function formatSecond(instant: string): string {
  return cut(instant, '2026-11-28T18:35:07')
}

function cut(instant: string, { length }: string): string {
  return `${instant.slice(0, length).replace('T', ' ')} UTC`
}

/** `since 2026-11-28 18:35 UTC, for 12 min`; nothing of how long where it has only begun. */
export function sinceWhen(instant: string, now = Date.now()): string {
  const seconds = Math.floor((now - Date.parse(instant)) / 1000)
  const age = seconds < 1 ? '' : `, for ${formatDuration(seconds * 1000)}`
  return `since ${formatMoment(instant)}${age}`
}

import { basename } from 'node:path'
import type { Place } from '../../../history/queries/filter.ts'
import type { Proportion } from '../../../history/statistics/proportion.ts'

/** `2026-11-22 18:03`, in the time zone of whoever reads it. */
export function formatDate(ms: number): string {
  const date = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `7.5%` */
export function formatShare(share: number): string {
  const percent = 100 * share
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : Math.round(percent)}%`
}

/** `3 of 40 (7.5%; 2.6% to 20% with 95% certainty)` */
export function formatProportion(count: number, total: number, { rate, low, high }: Proportion): string {
  return `${count} of ${total} (${formatShare(rate)}; ${formatShare(low)} to ${formatShare(high)} with 95% certainty)`
}

/** `+26%` */
export function formatChange(before: number, after: number): string {
  const percent = Math.round(100 * (after / before - 1))
  return `${percent > 0 ? '+' : ''}${percent}%`
}

/** `3 runs`, `1 run` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A board, with its environment where there is another one of its name. */
export function placeNamer(places: readonly Place[]): (place: Place) => string {
  return ({ board, environment }) => {
    const others = places.some((other) => other.board === board && other.environment !== environment)
    return others ? `${board} (${basename(environment, '.yaml')})` : board
  }
}

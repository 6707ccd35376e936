const units: readonly (readonly [name: string, ms: number])[] = [
  ['y', 365 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
]

/** `90000` as `1.5 min`, `250` as `250 ms`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'no limit'
  const [name, size] = units.find(([, unit]) => ms >= unit) ?? ['ms', 1]
  const amount = ms / size
  return `${amount >= 100 || Number.isInteger(amount) ? Math.round(amount) : Number(amount.toPrecision(3))} ${name}`
}

/**
 * Reads `30s`, `1.5 min`, `250ms`, `2h`, `1d`, `1y` (365 days); a bare number is seconds.
 * @returns milliseconds, or `undefined` when the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(y|d|h|min|m|s|ms)?\s*$/.exec(text)
  if (match?.[1] === undefined) return undefined
  const unit = match[2] === 'm' ? 'min' : (match[2] ?? 's')
  const size = units.find(([name]) => name === unit)?.[1] ?? 1000
  return Number(match[1]) * size
}

/** A time since the run began, in seconds, as wide as a run of a day needs: `   12.345`. */
export function formatTime(ms: number): string {
  return seconds(ms).padStart(9)
}

/** A duration for people, short and of a steady form: `3 ms`, `1.20 s`, `2 min 05 s`, `1 h 02 min`. */
export function formatElapsed(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const minutes = Math.round(seconds) / 60
  if (minutes < 60) return `${Math.floor(minutes)} min ${twoDigits(Math.round(seconds) % 60)} s`
  return `${Math.floor(minutes / 60)} h ${twoDigits(Math.floor(minutes % 60))} min`
}

/** Seconds with a dot, for machines: `1.234`. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

/** Wider lines are hard to read, however wide the terminal is. */
const maximum = 100

/** How wide help is. */
export function helpWidth(): number {
  return Math.min(maximum, process.stdout.columns ?? maximum)
}

const maximum = 100

/** How wide help is: as the terminal, but no wider than is good to read. */
export function helpWidth(): number {
  return Math.min(maximum, process.stdout.columns ?? maximum)
}

/** Milliseconds on a monotonic clock. All durations and event times come from here. */
export function now(): number {
  return performance.now()
}

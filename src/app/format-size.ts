const units = ['B', 'kB', 'MB', 'GB'] as const

/** `33 MB`, `512 B`: sizes for people, in powers of 1000. */
export function formatSize(bytes: number): string {
  let [size, unit] = [bytes, 0]
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

/**
 * `2G`, `512M`, `1.5GiB`; a bare number is MiB, as QEMU's `-m` has it.
 * @returns bytes; undefined for what is no size
 */
export function parseMemorySize(text: string): number | undefined {
  const [, number, unit = 'm'] = /^(\d+(?:\.\d+)?) ?(?:([mg])(?:i?b)?)?$/i.exec(text) ?? []
  if (number === undefined) return undefined
  const bytes = Number(number) * (unit.toLowerCase() === 'g' ? 1 << 30 : 1 << 20)
  return bytes > 0 ? bytes : undefined
}
